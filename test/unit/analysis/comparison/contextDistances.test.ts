import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contextDistances, joinDistances } from "../../../../src/engine/analysis/comparison/contextDistances";
import { distanceFigures } from "../../../../src/engine/analysis/comparison/distanceFigures";
import { fromRows } from "../../../../src/engine/linalg/matrix";
import { gaussian, mean } from "../toyModel";
import { passagesOf } from "./modelPair";

describe("distances between distributions", () => {
  it("are exactly zero for equal rows and do not depend on a constant", () => {
    const logits = gaussian(4, 50, 1);
    const { js, kl, klBackward, sameTop } = contextDistances(logits, { ...logits, data: logits.data.slice() });
    expect([...js, ...kl, ...klBackward]).toEqual(new Array(12).fill(0));
    expect(Array.from(sameTop)).toEqual([1, 1, 1, 1]);
    const moved = contextDistances(logits, { ...logits, data: logits.data.map((x) => x + 7) });
    expect(Math.max(...moved.js, ...moved.kl)).toBeLessThan(1e-14);
  });

  it("stay within their bounds, and Jensen–Shannon is symmetric", () => {
    const logit = fc.double({ min: -800, max: 800, noNaN: true });
    const row = fc.array(logit, { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(row, row, (a, b) => {
        const [there, back] = [
          contextDistances(fromRows([a]), fromRows([b])),
          contextDistances(fromRows([b]), fromRows([a])),
        ];
        expect(there.js[0]).toBeGreaterThanOrEqual(0);
        expect(there.js[0]).toBeLessThanOrEqual(Math.LN2);
        expect(there.kl[0]).toBeGreaterThanOrEqual(0);
        expect(there.js[0]).toBeCloseTo(back.js[0]!, 10);
        expect(there.kl[0]! / (1 + back.klBackward[0]!)).toBeCloseTo(
          back.klBackward[0]! / (1 + back.klBackward[0]!),
          10,
        );
      }),
    );
  });

  it("reach log 2 where nothing is shared, in float32 too", () => {
    const opposite = contextDistances(
      { rows: 1, cols: 2, data: Float32Array.of(500, -500) },
      { rows: 1, cols: 2, data: Float32Array.of(-500, 500) },
    );
    expect(opposite.js[0]).toBe(Math.LN2);
    expect(opposite.kl[0]).toBeCloseTo(1000, 9);
    expect(opposite.sameTop[0]).toBe(0);
  });

  it("keep their digits for nearly equal rows", () => {
    // To second order JS is an eighth of the variance of the difference of the logits.
    const logits = fromRows([[0, 0]]);
    const { js } = contextDistances(logits, fromRows([[1e-5, -1e-5]]));
    expect(js[0]! / (1e-10 / 8)).toBeCloseTo(1, 4);
  });

  it("refuse other shapes", () => {
    expect(() => contextDistances(gaussian(2, 3, 1), gaussian(2, 4, 1))).toThrow(RangeError);
  });
});

describe("figures of distances", () => {
  const distances = contextDistances(gaussian(60, 20, 1), gaussian(60, 20, 2));

  it("are means over contexts, with intervals around them", () => {
    const figures = distanceFigures(distances, passagesOf(60), 0);
    expect(figures.jensenShannon).toBeCloseTo(mean(distances.js), 12);
    expect(figures.klBackward).toBeCloseTo(mean(distances.klBackward), 12);
    expect(figures.n).toBe(60);
    for (const name of ["jensenShannon", "kl", "klBackward", "sameTopToken"] as const) {
      const [low, high] = figures.intervals[name]!;
      expect(low).toBeLessThanOrEqual(figures[name]);
      expect(high).toBeGreaterThanOrEqual(figures[name]);
    }
    expect(distanceFigures(distances, passagesOf(60), 0)).toEqual(figures);
  });

  it("resample passages, whose contexts are alike, and not contexts", () => {
    // Every context five times: as many contexts as before, with the interval of a fifth of them.
    const repeated = contextDistances(gaussian(60, 20, 1), gaussian(60, 20, 2));
    for (let i = 0; i < 60; i++) repeated.js[i] = distances.js[i - (i % 5)]!;
    const width = (passageOf: Int32Array) => {
      const [low, high] = distanceFigures(repeated, passageOf, 0).intervals.jensenShannon!;
      return high - low;
    };
    expect(width(passagesOf(60)) / width(passagesOf(60, 1))).toBeCloseTo(Math.sqrt(5), 0);
  });

  it("have no interval within one passage", () => {
    const { intervals } = distanceFigures(distances, new Int32Array(60), 0);
    expect(Object.values(intervals)).toEqual([null, null, null, null]);
  });

  it("do not take a share of 1 for certain: Wilson's interval over passages", () => {
    const same = contextDistances(gaussian(60, 20, 1), gaussian(60, 20, 1));
    // 12 of 12 passages: 12 / (12 + 1.96²).
    const [low, high] = distanceFigures(same, passagesOf(60), 0).intervals.sameTopToken!;
    expect([low, high]).toEqual([expect.closeTo(12 / (12 + 1.959964 ** 2), 6), 1]);
  });

  it("are those of the parts, joined", () => {
    const parts = [distances, contextDistances(gaussian(3, 4, 3), gaussian(3, 4, 4))];
    const joined = joinDistances(parts);
    expect(Array.from(joined.kl)).toEqual(parts.flatMap(({ kl }) => Array.from(kl)));
    expect(joined.sameTop).toHaveLength(63);
  });
});
