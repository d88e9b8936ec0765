import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diverseCount, diverseTokens, pivotLogRatios } from "../../../../src/engine/analysis/comparison/diverseTokens";
import { dSvd } from "../../../../src/engine/analysis/comparison/dSvd";
import { logLikelihoodVariance } from "../../../../src/engine/analysis/comparison/logLikelihoodVariance";
import { svd } from "../../../../src/engine/linalg/decompositions";
import { selectRows, transpose, type Matrix } from "../../../../src/engine/linalg/matrix";
import { quantile } from "../../../../src/engine/analysis/statistics/intervals";
import { random } from "../../../../src/engine/linalg/random";
import { gaussian, logProbabilities } from "../toyModel";
import { columnsOf, mapped, side, toyModel, twin } from "./modelPair";

const distribution = (seed: number) => transpose(logProbabilities(gaussian(25, 4, seed), gaussian(7, 4, seed + 1)));
const contexts = [3, 8, 1, 20, 14, 9, 17];
const distance = (a: Matrix, b: Matrix) => logLikelihoodVariance(a, b, contexts)!.distance;

describe("log-likelihood variance", () => {
  it("is a metric", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), (i, j, k) => {
        const [a, b, c] = [distribution(i), distribution(j), distribution(k)];
        expect(distance(a, b)).toBeCloseTo(distance(b, a), 10);
        expect(distance(a, c)).toBeLessThanOrEqual(distance(a, b) + distance(b, c) + 1e-10);
        expect(distance(a, a)).toBe(0);
        if (i !== j) expect(distance(a, b)).toBeGreaterThan(0.01);
      }),
    );
  });

  it("is zero for twins, and not for a sharper model, whose differences of scale it sees", () => {
    const model = toyModel(1);
    const other = twin(model, "changeOfDimension", 2);
    const tokens = diverseTokens(model.logP, other.logP, 8);
    const [own, same] = [columnsOf(model.logP, tokens), columnsOf(other.logP, tokens)];
    expect(logLikelihoodVariance(own, same)!.distance).toBeLessThan(1e-9);
    const sharper = { ...own, data: own.data.map((x) => 1.5 * x) };
    const found = logLikelihoodVariance(own, sharper)!;
    expect(found.terms[0]).toBeLessThan(1e-9);
    expect(found.terms[2]).toBeGreaterThan(0.5);
    expect(found.distance).toBe(Math.max(...found.terms));
  });

  it("leaves out a log-ratio that does not vary", () => {
    const [a, b] = [distribution(1), distribution(50)];
    for (let i = 0; i < a.rows; i++) a.data[i * 7 + 2] = a.data[i * 7]! - 1;
    const found = logLikelihoodVariance(a, b, contexts)!;
    expect(Array.from(found.labels)).toEqual([0, 1, 3, 4, 5, 6]);
    expect(Number.isFinite(found.distance)).toBe(true);
    const constant = { ...a, data: new Float64Array(a.data.length).fill(-2) };
    expect(logLikelihoodVariance(constant, constant)).toBeNull();
  });

  it("does not grow as contexts get fewer, though every one has another next to it", () => {
    const [n, d, alike, apart] = [600, 96, 0.03, 0.2];
    const { f: base, g } = toyModel(1, { n, d, tokens: 200 });
    const step = gaussian(n, d, 3);
    const f = { ...base, data: base.data.slice() };
    for (let i = 1; i < n; i += 2) {
      for (let j = 0; j < d; j++) {
        f.data[i * d + j] = f.data[(i - 1) * d + j]! + (alike * step.data[i * d + j]!) / Math.sqrt(1 + j);
      }
    }
    const difference = mapped(f, d, 9);
    const moved = f.data.map((x, k) => x + (apart * difference.data[k]!) / Math.sqrt(d));
    const [left, right] = [side(f, g), side({ ...f, data: moved }, g)];
    const found = (pairs: Int32Array) => {
      const rows = Array.from(pairs).flatMap((pair) => [2 * pair, 2 * pair + 1]);
      const [a, b] = [selectRows(left.logP, rows), selectRows(right.logP, rows)];
      const tokens = diverseTokens(a, b, diverseCount(rows.length, [d, d]));
      return logLikelihoodVariance(columnsOf(a, tokens), columnsOf(b, tokens))!;
    };
    const all = found(Int32Array.from({ length: n / 2 }, (_, pair) => pair));
    for (const size of [60, 120]) {
      const some = Array.from({ length: 5 }, (_, draw) =>
        found(
          random(draw)
            .permutation(n / 2)
            .subarray(0, size / 2),
        ),
      );
      const ratio =
        quantile(
          some.map((one) => one.distance),
          0.5,
        ) / all.distance;
      expect(ratio).toBeGreaterThan(1 / 1.5);
      expect(ratio).toBeLessThan(1.5);
      for (const { terms } of some) expect(terms[1]).toBeLessThan(1.5 * all.terms[1]);
    }
  });

  it("needs three contexts", () => {
    const a = { rows: 2, cols: 3, data: Float64Array.of(-1, -2, -3, -3, -1, -2) };
    expect(logLikelihoodVariance(a, a)).toBeNull();
  });
});

describe("diverse tokens", () => {
  const [left, right] = [toyModel(1), toyModel(40)];
  const smallest = (logP: Matrix, tokens: ArrayLike<number>) => {
    const { s } = svd(pivotLogRatios(columnsOf(logP, tokens)));
    return s.at(-1)! / s[0]!;
  };

  it("have log-ratios far from collinear in both models", () => {
    const tokens = diverseTokens(left.logP, right.logP, 8);
    expect(new Set(tokens).size).toBe(9);
    const worse = (columns: ArrayLike<number>) => Math.min(smallest(left.logP, columns), smallest(right.logP, columns));
    const draws = random(1);
    const others = Array.from({ length: 200 }, () => worse(draws.permutation(80).subarray(0, 9)));
    expect(worse(tokens)).toBeGreaterThan(quantile(others, 0.95));
  });

  it("are a third of the contexts, no more than dimensions, and at most 64", () => {
    expect(diverseCount(600, [96, 160])).toBe(64);
    expect(diverseCount(600, [128, 40])).toBe(40);
    expect(diverseCount(84, [96, 160])).toBe(28);
    expect(diverseCount(2, [96, 160])).toBe(1);
  });

  it("are the same in twins", () => {
    const other = twin(left, "changeOfDimension", 5);
    expect(diverseTokens(other.logP, right.logP, 8)).toEqual(diverseTokens(left.logP, right.logP, 8));
  });

  it("are no more than the rank of either model allows", () => {
    const narrow = toyModel(3, { d: 4 });
    expect(diverseTokens(left.logP, narrow.logP, 10).length).toBeLessThanOrEqual(6);
    expect(diverseTokens(left.logP, narrow.logP, 10).length).toBeGreaterThanOrEqual(5);
  });
});

describe("d_SVD", () => {
  const u = pivotLogRatios(columnsOf(toyModel(1).logP, [0, 3, 5, 7]));

  it("is 0 for equal log-ratios and for rescaled ones, and does not exceed 1", () => {
    expect(dSvd(u, u)).toBeLessThan(1e-12);
    const rescaled = { ...u, data: u.data.map((x, k) => x * (1 + (k % 3)) + 4) };
    expect(dSvd(u, rescaled)).toBeLessThan(1e-12);
    expect(dSvd(u, gaussian(200, 3, 5))).toBeGreaterThan(0.8);
  });

  it("is null where nothing varies", () => {
    expect(dSvd(u, { ...u, data: new Float64Array(u.data.length).fill(1) })).toBeNull();
  });
});
