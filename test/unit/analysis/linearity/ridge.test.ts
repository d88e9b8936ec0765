import { describe, expect, it } from "vitest";
import { LeaveOneOut } from "../../../../src/engine/analysis/linearity/leaveOneOut";
import { packedLength, packPermuted } from "../../../../src/engine/analysis/linearity/packedTriangle";
import { chooseLambda, lambdaGrid, predictionWeights } from "../../../../src/engine/analysis/linearity/ridge";
import { inOrder, ridgeFold } from "../../../../src/engine/analysis/linearity/ridgeFold";
import { fitRelationalMap, relationalMapFitter } from "../../../../src/engine/analysis/linearity/relationalMap";
import { rowSpace, stratumMeans, subtractMeans } from "../../../../src/engine/analysis/geometry/rowSpace";
import { choleskySolve, svd } from "../../../../src/engine/linalg/decompositions";
import { columnMeans, identity, multiply, multiplyTransposed, row, scale, selectRows, subtractFromRows, transpose, zeros, type Matrix } from "../../../../src/engine/linalg/matrix"; // prettier-ignore
import { random } from "../../../../src/engine/linalg/random";
import { gaussian, relativeDifference, unevenRows } from "../toyModel";

const shapes = [
  [12, 30, 5],
  [30, 8, 5],
] as const;

function plus(a: Matrix, b: Matrix): Matrix {
  return { ...a, data: a.data.map((x, k) => x + b.data[k]!) };
}

/** A [d, |Y|] and means by the normal equations in the d coordinates themselves. */
function primalRidge(x: Matrix, y: Matrix, lambda: number) {
  const [xMean, yMean] = [columnMeans(x), columnMeans(y)];
  const [xc, yc] = [subtractFromRows(x, xMean), subtractFromRows(y, yMean)];
  const left = plus(multiply(transpose(xc), xc), scale(identity(x.cols), lambda));
  const a = choleskySolve(left, multiply(transpose(xc), yc));
  return {
    a,
    predict: (rows: Matrix) => subtractFromRows(multiply(subtractFromRows(rows, xMean), a), yMean.map((v) => -v)), // prettier-ignore
  };
}

const without = (n: number, left: readonly number[]) => inOrder(n).filter((i) => !left.includes(i));

/** Squared leave-out error by refitting without each group. */
function refittedError(x: Matrix, y: Matrix, lambda: number, groups: readonly (readonly number[])[]): number {
  let sum = 0;
  for (const group of groups) {
    const kept = without(x.rows, group);
    const fit = primalRidge(selectRows(x, kept), selectRows(y, kept), lambda);
    const predicted = fit.predict(selectRows(x, group));
    selectRows(y, group).data.forEach((value, k) => (sum += (value - predicted.data[k]!) ** 2));
  }
  return sum;
}

describe("ridge", () => {
  it.each(shapes)("in the dual equals the normal equations (n = %i, d = %i)", (n, d, answers) => {
    const [x, y, other] = [unevenRows(n, d, 1), gaussian(n, answers, 2), gaussian(4, d, 3)];
    const space = rowSpace(x, { standardise: false });
    for (const lambda of lambdaGrid(space)) {
      const deviations = multiply(predictionWeights(space, space.project(other), lambda), y);
      const predicted = subtractFromRows(deviations, columnMeans(y).map((v) => -v)); // prettier-ignore
      expect(relativeDifference(predicted.data, primalRidge(x, y, lambda).predict(other).data)).toBeLessThan(1e-9);
    }
  });

  it("tries s tr(K)/n for s from 1e-4 to 1e4 in quarter decades", () => {
    const x = gaussian(10, 20, 1);
    const centred = subtractFromRows(x, columnMeans(x));
    const trace = centred.data.reduce((sum, value) => sum + value ** 2, 0);
    const grid = lambdaGrid(rowSpace(x, { standardise: false }));
    expect(grid.length).toBe(33);
    expect(grid[0]! / (1e-4 * (trace / 10))).toBeCloseTo(1, 10);
    expect(grid[32]! / (1e4 * (trace / 10))).toBeCloseTo(1, 10);
    expect(grid[17]! / grid[16]!).toBeCloseTo(10 ** 0.25, 10);
  });

  it("gives ties to the larger λ, and only ties", () => {
    expect(chooseLambda([3, 1, 1 + 5e-7, 2])).toBe(2);
    expect(chooseLambda([3, 1, 1 + 5e-6, 2])).toBe(1);
    expect(chooseLambda([0, 0, 0])).toBe(2);
  });
});

describe("closed-form leave-one-out", () => {
  /** What the forms say about targets y in the given order, for each λ. */
  function formErrors(forms: Matrix, y: Matrix, order: Int32Array): Float64Array {
    const packed = packPermuted(multiplyTransposed(y, y), order, new Float64Array(packedLength(y.rows)));
    return multiplyTransposed({ rows: 1, cols: packed.length, data: packed }, forms).data;
  }

  it("finds the smallest error without computing all of them", () => {
    for (let seed = 0; seed < 40; seed++) {
      const [n, d] = [10 + (seed % 9), 4 + 3 * (seed % 7)];
      const x = unevenRows(n, d, seed);
      const signal = multiplyTransposed(x, gaussian(6, d, seed + 1));
      const noise = gaussian(n, 6, seed + 2);
      const y = { ...signal, data: signal.data.map((value, k) => value + 10 ** ((seed % 5) - 1) * noise.data[k]!) };
      const space = rowSpace(x, { standardise: seed % 2 === 0 });
      const leaveOneOut = new LeaveOneOut(space, inOrder(n));
      const targets = subtractFromRows(y, columnMeans(y));
      const lambdas = lambdaGrid(space);
      expect(leaveOneOut.choose(targets, lambdas)).toBe(chooseLambda(leaveOneOut.errors(targets, lambdas)));
    }
  });

  it.each(shapes)("equals refitting without each row, at every λ (n = %i, d = %i)", (n, d, answers) => {
    const [x, y] = [unevenRows(n, d, 1), gaussian(n, answers, 2)];
    const space = rowSpace(x, { standardise: false });
    const lambdas = lambdaGrid(space);
    const leaveOneOut = new LeaveOneOut(space, inOrder(n));
    const errors = formErrors(leaveOneOut.forms(lambdas), y, inOrder(n));
    const groups = Array.from({ length: n }, (_, i) => [i]);
    const refitted = Array.from(lambdas, (lambda) => refittedError(x, y, lambda, groups));
    const centred = subtractFromRows(y, columnMeans(y));
    const direct = leaveOneOut.errors(centred, lambdas);
    refitted.forEach((error, l) => {
      expect(errors[l]! / error).toBeCloseTo(1, 8);
      expect(direct[l]! / error).toBeCloseTo(1, 8);
    });
    expect(leaveOneOut.choose(centred, lambdas)).toBe(chooseLambda(refitted));
  });

  it("of permuted targets equals refitting on permuted targets", () => {
    const [n, d] = [12, 30];
    const [x, y] = [unevenRows(n, d, 1), gaussian(n, 5, 2)];
    const space = rowSpace(x, { standardise: false });
    const lambdas = lambdaGrid(space).filter((_, l) => l % 8 === 0);
    const order = random(3).permutation(n);
    const errors = formErrors(new LeaveOneOut(space, inOrder(n)).forms(lambdas), y, order);
    const groups = Array.from({ length: n }, (_, i) => [i]);
    errors.forEach((error, l) => {
      expect(error / refittedError(x, selectRows(y, order), lambdas[l]!, groups)).toBeCloseTo(1, 8);
    });
  });

  it("of a pooled fit leaves out all rows of a subject, and its part of every template's mean", () => {
    const [subjects, templates, d] = [7, 3, 10];
    const n = subjects * templates;
    const [x, y] = [unevenRows(n, d, 1), gaussian(n, 4, 2)];
    const subjectOf = inOrder(n).map((i) => i % subjects);
    const strata = inOrder(n).map((i) => Math.floor(i / subjects));
    const space = rowSpace(x, { standardise: false, strata });
    const lambdas = lambdaGrid(space);
    const leaveOneOut = new LeaveOneOut(space, subjectOf, strata);
    const errors = formErrors(leaveOneOut.forms(lambdas), y, inOrder(n));
    const centredTargets = subtractMeans(y, stratumMeans(y, strata), strata);
    const direct = leaveOneOut.errors(centredTargets, lambdas);
    for (const l of [0, 16, 32]) {
      let refitted = 0;
      for (let subject = 0; subject < subjects; subject++) {
        const kept = inOrder(n).filter((i) => subjectOf[i] !== subject);
        const centred = (a: Matrix, rows: Int32Array) => {
          const out = selectRows(a, rows);
          rows.forEach((i, r) => {
            const mean = columnMeans(selectRows(a, kept.filter((j) => strata[j] === strata[i]))); // prettier-ignore
            row(out, r).forEach((value, c) => (row(out, r)[c] = value - mean[c]!));
          });
          return out;
        };
        const left = inOrder(n).filter((i) => subjectOf[i] === subject);
        const fit = primalRidge(centred(x, kept), centred(y, kept), lambdas[l]!);
        const predicted = fit.predict(centred(x, left));
        centred(y, left).data.forEach((value, k) => (refitted += (value - predicted.data[k]!) ** 2));
      }
      expect(errors[l]! / refitted).toBeCloseTo(1, 8);
      expect(direct[l]! / refitted).toBeCloseTo(1, 8);
    }
  });
});

describe("ridgeFold", () => {
  it("scores permuted training targets as a fit on them would", () => {
    const [n, d, answers] = [14, 25, 6];
    const data = {
      inputs: unevenRows(n, d, 1),
      targets: gaussian(n, answers, 2),
      subjects: inOrder(n),
      strata: new Int32Array(n),
      standardise: false,
    };
    const rows = { train: inOrder(n).filter((i) => i !== 4 && i !== 9), test: Int32Array.from([4, 9]) };
    const fold = ridgeFold(data, rows);
    const order = random(7).permutation(rows.train.length);
    const x = selectRows(data.inputs, rows.train);
    const y = selectRows(selectRows(data.targets, rows.train), order);
    const groups = Array.from(rows.train, (_, i) => [i]);
    const slow = Array.from(fold.lambdas, (lambda) => refittedError(x, y, lambda, groups));
    const [shuffled] = fold.fitShuffled([order]);
    const { lambda, error } = shuffled!;
    expect(lambda).toBe(slow.indexOf(Math.min(...slow)));
    const predicted = primalRidge(x, y, fold.lambdas[lambda]!).predict(selectRows(data.inputs, rows.test));
    const truth = selectRows(data.targets, rows.test);
    const direct = truth.data.reduce((sum, value, k) => sum + (value - predicted.data[k]!) ** 2, 0);
    expect(error / direct).toBeCloseTo(1, 8);
    const unpermuted = fold.fitShuffled([inOrder(rows.train.length)])[0]!;
    expect(unpermuted.error / fold.fit().errors.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 8);
  });

  it("chooses among whole decades for shuffled targets of many rows, to the same effect", () => {
    const [n, d] = [72, 10];
    const x = unevenRows(n, d, 1);
    const y = multiplyTransposed(x, gaussian(4, d, 2));
    const noise = gaussian(n, 4, 3);
    const targets = { ...y, data: y.data.map((value, k) => value + 5 * noise.data[k]!) };
    const data = { inputs: x, targets, subjects: inOrder(n), strata: new Int32Array(n), standardise: false };
    const fold = ridgeFold(data, { train: inOrder(n).filter((i) => i >= 8), test: inOrder(8) });
    const [fine, coarse] = [fold.fit(), fold.fitShuffled([inOrder(64)])[0]!];
    expect(coarse.lambda % 4).toBe(0);
    expect(Math.abs(coarse.lambda - fine.lambda)).toBeLessThanOrEqual(4);
    const total = (errors: Float64Array) => errors.reduce((a, b) => a + b, 0);
    expect(Math.abs(coarse.error - total(fine.errors))).toBeLessThan(0.05 * total(fold.meanErrors));
  });
});

describe("fitRelationalMap", () => {
  it("is G_Y A of the normal equations at the λ it reports", () => {
    const [n, d, answers] = [12, 30, 5];
    const [x, y] = [unevenRows(n, d, 1), gaussian(n, answers, 2)];
    const { map, lambda, singularValues } = fitRelationalMap(x, y);
    const centring = plus(identity(answers), { rows: answers, cols: answers, data: new Float64Array(answers ** 2).fill(-1 / answers) }); // prettier-ignore
    const expected = transpose(multiply(primalRidge(x, y, lambda).a, centring));
    expect(relativeDifference(map.data, expected.data)).toBeLessThan(1e-8);
    svd(map).s.forEach((value, k) => {
      expect(singularValues[k]).toBeCloseTo(value, 6);
    });
  });

  it("recovers an exact map, and refits under a permutation of the answers", () => {
    const [n, d, answers] = [60, 6, 4];
    const [x, a] = [gaussian(n, d, 1), gaussian(answers, d, 2)];
    const y = multiplyTransposed(x, a);
    const fit = relationalMapFitter(x);
    const centred = subtractFromRows(a, columnMeans(a));
    expect(relativeDifference(fit(y).map.data, centred.data)).toBeLessThan(1e-4);
    const order = random(1).permutation(n);
    const shuffled = fit(selectRows(y, order));
    expect(shuffled.map).toEqual(fitRelationalMap(x, selectRows(y, order)).map);
    expect(shuffled.singularValues[0]).toBeLessThan(fit(y).singularValues[0]! / 2);
  });

  it("is a map of zeros where the answers do not vary", () => {
    const { map } = fitRelationalMap(gaussian(5, 8, 1), zeros(5, 3));
    expect(map.data.every((value) => value === 0)).toBe(true);
  });
});
