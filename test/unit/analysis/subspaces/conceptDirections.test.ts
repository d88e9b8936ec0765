import { describe, expect, it } from "vitest";
import {
  conceptDirections,
  cosineMatrix,
  mahalanobisDirections,
} from "../../../../src/engine/analysis/subspaces/conceptDirections";
import { choleskySolve } from "../../../../src/engine/linalg/decompositions";
import { columnMeans, fromRows, multiply, multiplyTransposed, row, subtractFromRows, toRows, transpose } from "../../../../src/engine/linalg/matrix"; // prettier-ignore
import { svd } from "../../../../src/engine/linalg/decompositions";
import { gaussian, geometryOf, largestDifference, unevenRows } from "../toyModel";
import { plus } from "../relationModel";

/** Pairs whose difference is `direction` and some noise. */
function pairs(direction: Float64Array, count: number, seed: number, noise = 0.1) {
  const from = gaussian(count, direction.length, seed);
  const step = fromRows(Array.from({ length: count }, () => direction));
  return { from, to: plus(plus(from, step), gaussian(count, direction.length, seed + 1), noise) };
}

describe("concept directions", () => {
  it("are the mean differences", () => {
    const concepts = [
      { from: fromRows([[0, 0], [1, 1]]), to: fromRows([[1, 0], [2, 3]]) }, // prettier-ignore
      { from: fromRows([[5, 5]]), to: fromRows([[5, 2]]) },
    ];
    expect(toRows(conceptDirections(concepts))).toEqual([[1, 1], [0, -3]]); // prettier-ignore
  });

  it("are orthogonal in the causal geometry where they are planted so, and not in the Euclidean one", () => {
    const g = unevenRows(400, 12, 3);
    const geometry = geometryOf(g);
    const axes = svd(gaussian(12, 2, 5)).u;
    // Δ = C q: orthogonal after C⁺.
    const planted = multiply(geometry.factor, axes);
    const concepts = [0, 1].map((c) => pairs(Float64Array.from({ length: 12 }, (_, j) => planted.data[j * 2 + c]!), 15, 40 + c, 0)); // prettier-ignore
    const directions = conceptDirections(concepts);
    expect(Math.abs(cosineMatrix(geometry.unembed(directions))![0]![1]!)).toBeLessThan(1e-9);
    expect(Math.abs(cosineMatrix(directions)![0]![1]!)).toBeGreaterThan(0.05);
  });

  it("have the Mahalanobis cosine of the words' own covariance", () => {
    // Many words: hardly any shrinkage is left, and Σ is their covariance.
    const mix = gaussian(5, 5, 1);
    const skewed = (seed: number) => multiply(gaussian(4000, 5, seed), mix);
    const concepts = [0, 1].map((c) => ({ from: skewed(10 + c), to: plus(skewed(20 + c), fromRows(Array.from({ length: 4000 }, () => Array.from(gaussian(1, 5, 30 + c).data)))) })); // prettier-ignore
    const words = fromRows(concepts.flatMap(({ from, to }) => [...toRows(from), ...toRows(to)]));
    const centred = subtractFromRows(words, columnMeans(words));
    const covariance = multiply(transpose(centred), centred);
    const directions = conceptDirections(concepts);
    const solved = choleskySolve(covariance, transpose(directions));
    const inner = multiply(directions, solved);
    const expected = inner.data[1]! / Math.sqrt(inner.data[0]! * inner.data[3]!);
    const found = cosineMatrix(mahalanobisDirections(concepts))![0]![1]!;
    expect(found).toBeCloseTo(expected, 2);
    expect(Math.abs(found - cosineMatrix(directions)![0]![1]!)).toBeGreaterThan(0.05);
  });
});

describe("cosineMatrix", () => {
  it("is symmetric with ones, and null beside a direction that is zero", () => {
    const rows = gaussian(4, 7, 1);
    const matrix = cosineMatrix(rows)!;
    expect(matrix.map((line, i) => line[i])).toEqual([1, 1, 1, 1]);
    const inner = multiplyTransposed(rows, rows);
    const cosine = inner.data[1]! / Math.sqrt(inner.data[0]! * inner.data[5]!);
    expect(largestDifference([matrix[0]![1]!, matrix[1]![0]!], [cosine, cosine])).toBeLessThan(1e-14);
    row(rows, 2).fill(0);
    expect(cosineMatrix(rows)).toBeNull();
  });
});
