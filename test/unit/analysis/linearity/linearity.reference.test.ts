import { describe, expect, it } from "vitest";
import { linearity, type LinearityFigures } from "../../../../src/engine/analysis/linearity/linearity";
import { inOrder, ridgeFold } from "../../../../src/engine/analysis/linearity/ridgeFold";
import { truncatedGains } from "../../../../src/engine/analysis/linearity/truncatedRank";
import { twinOf } from "../../../../src/engine/analysis/twins/twin";
import { choleskySolve, svd } from "../../../../src/engine/linalg/decompositions";
import { columnMeans, identity, multiply, multiplyTransposed, row, selectRows, subtractFromRows, transpose, type Matrix } from "../../../../src/engine/linalg/matrix"; // prettier-ignore
import { random } from "../../../../src/engine/linalg/random";
import { centre, fitsOf, logitDistance, model, options, plus, squaredDistance, templateOf } from "../relationModel"; // prettier-ignore
import { geometryOf, logProbabilities } from "../toyModel";

describe("linearity, by another way", () => {
  const own = model({ n: 14, d: 10, noise: 0.4, seed: 7 });
  const { of } = fitsOf([templateOf(own)]);

  /** Held-out f̂ from the normal equations in d coordinates, λ by brute-force leave-one-out. */
  function slow() {
    const x = geometryOf(own.g).embed(own.subject);
    const gy = selectRows(own.g, own.answers);
    const n = x.rows;
    const sums = { error: 0, total: 0, agrees: 0, kl: 0, logLambda: 0 };
    for (let i = 0; i < n; i++) {
      const train = inOrder(n).filter((j) => j !== i);
      const centred = subtractFromRows(selectRows(x, train), columnMeans(selectRows(x, train)));
      const trace = centred.data.reduce((sum, value) => sum + value ** 2, 0);
      const grid = Array.from({ length: 33 }, (_, k) => (10 ** (k / 4 - 4) * trace) / train.length);
      const errors = grid.map((lambda) =>
        Array.from(train).reduce((sum, j) => {
          const rest = train.filter((k) => k !== j);
          return sum + logitDistance(primal(x, rest, lambda)(j), row(own.prompt, j), gy);
        }, 0),
      );
      const lambda = grid[errors.lastIndexOf(Math.min(...errors))]!;
      const predicted = primal(x, train, lambda)(i);
      const fold = columnMeans(selectRows(own.prompt, train));
      sums.error += logitDistance(predicted, row(own.prompt, i), gy);
      sums.total += logitDistance(fold, row(own.prompt, i), gy);
      sums.logLambda += Math.log(lambda) / n;
      const both = logProbabilities(
        { rows: 2, cols: 10, data: Float64Array.from([...row(own.prompt, i), ...predicted]) },
        own.g,
      );
      const [p, q] = [0, 1].map((c) => Array.from({ length: both.rows }, (_, t) => both.data[2 * t + c]!));
      sums.agrees += p!.indexOf(Math.max(...p!)) === q!.indexOf(Math.max(...q!)) ? 1 / n : 0;
      sums.kl += p!.reduce((sum, logP, t) => sum + Math.exp(logP) * (logP - q![t]!), 0) / n;
    }
    return { ...sums, r2: 1 - sums.error / sums.total };

    function primal(inputs: Matrix, train: Int32Array, lambda: number) {
      const [xs, fs] = [selectRows(inputs, train), selectRows(own.prompt, train)];
      const [xMean, fMean] = [columnMeans(xs), columnMeans(fs)];
      const [xc, fc] = [subtractFromRows(xs, xMean), subtractFromRows(fs, fMean)];
      const a = choleskySolve(
        plus(multiply(transpose(xc), xc), identity(xc.cols), lambda),
        multiply(transpose(xc), fc),
      );
      return (j: number) => {
        const z = { rows: 1, cols: xc.cols, data: row(inputs, j).map((value, k) => value - xMean[k]!) };
        const deviation = multiply(z, a).data;
        return fMean.map((value, k) => value + deviation[k]!);
      };
    }
  }

  it("gives the same R², λ, faithfulness and KL", () => {
    const expected = slow();
    const fit = of("leastSquares");
    expect(fit.r2Logit).toBeCloseTo(expected.r2, 8);
    expect(Math.log(fit.lambda!)).toBeCloseTo(expected.logLambda, 8);
    expect(fit.faithfulness).toBeCloseTo(expected.agrees, 10);
    // The vocabulary's logits are float32.
    expect(fit.kl).toBeCloseTo(expected.kl, 5);
    expect(fit.r2Logit).toBeGreaterThan(0.2);
  });

  it("puts the estimate inside its interval and the subjects' count into faithfulness", () => {
    const fit = of("leastSquares");
    expect(fit.interval![0]).toBeLessThan(fit.r2Logit!);
    expect(fit.interval![1]).toBeGreaterThan(fit.r2Logit!);
    expect(fit.agreement!.filter((right) => right === true).length / 14).toBeCloseTo(fit.faithfulness!, 10);
    expect(fit.faithfulnessInterval![0]).toBeLessThan(fit.faithfulness!);
  });

  it("finds the rank at which truncated maps keep 95% of R²", () => {
    const x = geometryOf(own.g).embed(own.subject);
    const centred = centre(multiplyTransposed(own.prompt, selectRows(own.g, own.answers)));
    const data = { inputs: x, targets: centred, subjects: inOrder(14), strata: new Int32Array(14), standardise: false };
    const r2At = (rank: number) => {
      let [error, total] = [0, 0];
      for (let i = 0; i < 14; i++) {
        const train = inOrder(14).filter((j) => j !== i);
        const fold = ridgeFold(data, { train, test: Int32Array.from([i]) });
        const { lambda } = fold.fit();
        const b = multiply(transpose(fold.targets), fold.space.coordinates);
        b.data.forEach((_, k) => (b.data[k]! /= fold.space.eigenvalues[k % b.cols]! + fold.lambdas[lambda]!));
        const { u, s, v } = svd(b);
        for (let k = 0; k < u.data.length; k++) u.data[k]! *= k % u.cols < rank ? s[k % u.cols]! : 0;
        const predicted = multiplyTransposed(fold.space.project(selectRows(x, [i])), multiplyTransposed(u, v));
        error += squaredDistance(row(fold.heldOut, 0), row(predicted, 0));
        total += fold.meanErrors[0]!;
      }
      return 1 - error / total;
    };
    const gains = Array.from({ length: 14 }, (_, i) => {
      const fold = ridgeFold(data, { train: inOrder(14).filter((j) => j !== i), test: Int32Array.from([i]) });
      return { total: fold.meanErrors[0]!, ranks: truncatedGains(fold, fold.fit().lambda) };
    });
    const sum = (of: (gain: (typeof gains)[number]) => number) => gains.reduce((total, gain) => total + of(gain), 0);
    for (const kept of [1, 3, 9]) {
      expect(sum(({ ranks }) => ranks[kept - 1]!) / sum(({ total }) => total)).toBeCloseTo(r2At(kept), 8);
    }
    const { rank, r2Logit } = of("leastSquares");
    expect(r2At(99)).toBeCloseTo(r2Logit!, 8);
    expect(r2At(rank!)).toBeGreaterThanOrEqual(0.95 * r2Logit!);
    for (let smaller = 1; smaller < rank!; smaller++) expect(r2At(smaller)).toBeLessThan(0.95 * r2Logit!);
  });
});

describe("linearity of twins", () => {
  const own = model({ n: 20, d: 16, tokens: 120, noise: 0.5, seed: 11 });

  it.each(["changeOfBasis", "changeOfDimension"] as const)("gives the same figures over a %s", (family) => {
    const twin = twinOf({ f: [own.subject, own.prompt], g: own.g }, family, { random: random(3), condition: 100 });
    const [subject, prompt] = twin.f;
    const theirs = templateOf({ ...own, subject: subject!, prompt: prompt!, g: twin.g });
    const left = linearity([templateOf(own)], options).fits;
    const right = linearity([theirs], options).fits;
    left.forEach((fit, k) => {
      for (const [name, value] of Object.entries(fit) as [keyof LinearityFigures, unknown][]) {
        const numbers = (x: unknown) => (Array.isArray(x) ? (x as unknown[]) : [x]).map(Number);
        const others = numbers(right[k]![name]);
        const tolerance = name === "kl" || name === "klInAnswers" ? 1e-5 : 1e-6;
        if (typeof value === "string") expect(right[k]![name]).toBe(value);
        else if (name === "singularValues" && value !== null) expectClose(others, numbers(value), 1e-6, name);
        else
          numbers(value).forEach((x, i) => {
            expect(Math.abs(others[i]! - x), `${fit.estimator} ${name}`).toBeLessThanOrEqual(
              tolerance * Math.max(1e-2, Math.abs(x)),
            );
          });
      }
    });
  });

  it("gives other figures in raw coordinates", () => {
    const twin = twinOf({ f: [own.subject, own.prompt], g: own.g }, "changeOfBasis", { random: random(3) });
    const raw = (inputs: Matrix) => fitsOf([{ ...templateOf(own), inputs }]).of("leastSquares").r2Logit!;
    expect(Math.abs(raw(twin.f[0]!) - raw(own.subject))).toBeGreaterThan(1e-3);
  });

  function expectClose(a: readonly number[], b: readonly number[], tolerance: number, name: string) {
    b.forEach((x, i) => {
      expect(Math.abs(a[i]! - x), name).toBeLessThanOrEqual(tolerance * b[0]!);
    });
  }
});
