import { describe, expect, it } from "vitest";
import { meanPool, momentPool, type TokenRows } from "../../../../src/engine/analysis/probes/pooling";
import { probe } from "../../../../src/engine/analysis/probes/probes";
import { answerTask } from "../../../../src/engine/analysis/probes/probeTasks";
import { changeOfBasis } from "../../../../src/engine/analysis/twins/twin";
import { fromRows, multiplyTransposed, row, toRows, zeros, type Matrix } from "../../../../src/engine/linalg/matrix";
import { random } from "../../../../src/engine/linalg/random";
import { taskOf } from "./labelledRows";
import { gaussian, relativeDifference } from "../toyModel";

function tokenRows(counts: readonly number[], d: number, seed: number): TokenRows {
  const starts = Int32Array.from([0, ...counts]);
  for (let i = 1; i < starts.length; i++) starts[i]! += starts[i - 1]!;
  return { tokens: gaussian(starts.at(-1)!, d, seed), starts };
}

/** The features of the definition, written out with all d² products, centred and scaled. */
function features({ tokens, starts }: TokenRows): Matrix {
  const d = tokens.cols;
  const means = meanPool({ tokens, starts });
  const covariances = toRows(means).map((mean, i) => {
    const out = new Array<number>(d * d).fill(0);
    for (let t = starts[i]!; t < starts[i + 1]!; t++) {
      const x = row(tokens, t);
      for (let a = 0; a < d; a++) {
        for (let b = 0; b < d; b++) {
          out[a * d + b]! += ((x[a]! - mean[a]!) * (x[b]! - mean[b]!)) / (starts[i + 1]! - starts[i]!);
        }
      }
    }
    return out;
  });
  const scaled = (rows: readonly (readonly number[])[]) => {
    const centre = rows[0]!.map((_, j) => rows.reduce((sum, r) => sum + r[j]!, 0) / rows.length);
    const centred = rows.map((r) => r.map((x, j) => x - centre[j]!));
    const size = Math.sqrt(centred.flat().reduce((sum, x) => sum + x * x, 0) / rows.length);
    return centred.map((r) => r.map((x) => (size > 0 ? x / size : 0)));
  };
  const [first, second] = [scaled(toRows(means)), scaled(covariances)];
  return fromRows(first.map((r, i) => [...r, ...second[i]!]));
}

describe("pooling over a subject's tokens", () => {
  it("the mean, by hand", () => {
    const tokens = fromRows([[1, 2], [3, 4], [5, 0]]); // prettier-ignore
    expect(toRows(meanPool({ tokens, starts: Int32Array.of(0, 2, 3) }))).toEqual([[2, 3], [5, 0]]); // prettier-ignore
  });

  it("the moments have the inner products of means and covariances written out", () => {
    const rows = tokenRows([1, 3, 2, 2, 4, 1, 2], 5, 1);
    const pooled = momentPool(rows);
    const expected = features(rows);
    expect(
      relativeDifference(multiplyTransposed(pooled, pooled).data, multiplyTransposed(expected, expected).data),
    ).toBeLessThan(1e-10);
  });

  it("the moments of single tokens are those of the mean alone", () => {
    const rows = tokenRows([1, 1, 1, 1, 1], 8, 2);
    const expected = features(rows);
    const pooled = momentPool(rows);
    expect(expected.data.subarray(8, 8 + 64).every((x) => x === 0)).toBe(true);
    expect(
      relativeDifference(multiplyTransposed(pooled, pooled).data, multiplyTransposed(expected, expected).data),
    ).toBeLessThan(1e-10);
  });

  it("the moments do not depend on the axes", () => {
    const rows = tokenRows([2, 3, 2, 1, 2], 6, 3);
    const turned = momentPool({ ...rows, tokens: changeOfBasis(6, 1, random(4)).embed(rows.tokens) });
    const own = momentPool(rows);
    expect(relativeDifference(multiplyTransposed(turned, turned).data, multiplyTransposed(own, own).data)).toBeLessThan(
      1e-10,
    );
  });

  it("a probe reads a class from the spread of the tokens that is in neither the last nor the mean", () => {
    // Two tokens m ± x with x along the first axis in class 1 and along the second in class 0.
    const [n, d] = [40, 6];
    const draws = random(5);
    const tokens = zeros(2 * n, d);
    const labels = Array.from({ length: n }, (_, i) => i % 2);
    labels.forEach((label, i) => {
      const [sign, size] = [draws.next() < 0.5 ? -1 : 1, 2 + draws.next()];
      for (let j = 0; j < d; j++) {
        const mean = draws.normal();
        for (const t of [0, 1]) row(tokens, 2 * i + t)[j] = mean;
      }
      row(tokens, 2 * i)[label]! += sign * size;
      row(tokens, 2 * i + 1)[label]! -= sign * size;
    });
    const rows = { tokens, starts: Int32Array.from({ length: n + 1 }, (_, i) => 2 * i) };
    const task = taskOf(
      answerTask(
        labels.map((label, subject) => ({ subject, template: 0, label })),
        1,
      ),
    );
    const options = { seed: 1, where: "", standardise: false, controlDraws: 0, resamples: 0 };
    const last = fromRows(labels.map((_, i) => row(tokens, 2 * i + 1)));
    expect(probe(task, last, options).figures.accuracy).toBeLessThan(0.75);
    expect(probe(task, meanPool(rows), options).figures.accuracy).toBeLessThan(0.75);
    expect(probe(task, momentPool(rows), options).figures.accuracy).toBeGreaterThan(0.9);
  });
});
