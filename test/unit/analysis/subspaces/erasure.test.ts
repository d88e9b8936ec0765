import { describe, expect, it } from "vitest";
import { erasingVectors, erasure } from "../../../../src/engine/analysis/subspaces/erasure";
import { subspaceAngles } from "../../../../src/engine/analysis/subspaces/subspaces";
import { svd } from "../../../../src/engine/linalg/decompositions";
import { columnMeans, multiply, multiplyTransposed, row, subtractFromRows, transpose, type Matrix } from "../../../../src/engine/linalg/matrix"; // prettier-ignore
import { orthonormalRows } from "../../../../src/engine/linalg/orthonormal";
import { plus } from "../relationModel";
import { gaussian, largestDifference } from "../toyModel";

const [n, d, answers, rank] = [120, 10, 6, 2];
const options = { rank, randomDraws: 3, seed: 1, stream: "test" };
const uneven = (a: Matrix) => ({ ...a, data: a.data.map((x, k) => x * (1 + (k % a.cols)) + 2) });

const states = uneven(gaussian(n, d, 1));
/** Logits that read two directions of the states. */
const directions = gaussian(d, rank, 2);
const answerLogits = multiply(multiply(states, directions), gaussian(rank, answers, 3));

const span = (a: Matrix) => transpose(orthonormalRows(transpose(a)));
const erased = (h: Matrix, p: { read: Matrix; write: Matrix }) => plus(h, erasingVectors(h, columnMeans(h), p));

describe("erasure", () => {
  it("finds the planted directions", () => {
    const found = erasure(states, answerLogits, options)!;
    expect(found.rank).toBe(rank);
    const { cosines } = subspaceAngles(span(found.relation.read), span(directions));
    for (const cosine of cosines) expect(cosine).toBeGreaterThan(0.999);
    expect(subspaceAngles(span(found.random[0]!.read), span(directions)).cosines[1]!).toBeLessThan(0.9);
  });

  it("leaves nothing of the answers, and nothing but the answers' share of all else", () => {
    const { relation } = erasure(states, answerLogits, options)!;
    const after = erased(states, relation);
    const left = multiply(subtractFromRows(after, columnMeans(after)), directions);
    const before = multiply(subtractFromRows(states, columnMeans(states)), directions);
    expect(Math.hypot(...left.data) / Math.hypot(...before.data)).toBeLessThan(2e-3);
    expect(largestDifference(columnMeans(after), columnMeans(states))).toBeLessThan(1e-9);
    // A projection: once is as good as twice, and its rank is that of the subspace.
    expect(largestDifference(erased(after, relation).data, after.data)).toBeLessThan(1e-9);
    const moved = svd(plus(after, states, -1)).s;
    expect(moved[rank - 1]!).toBeGreaterThan(1);
    expect(moved[rank]!).toBeLessThan(1e-9);
  });

  it("does not touch what is uncorrelated with what it removes", () => {
    const { relation } = erasure(states, answerLogits, options)!;
    const centred = subtractFromRows(states, columnMeans(states));
    // Read-outs r with directionsᵀ Σ r = 0; the shrinkage of so many rows is small.
    const covariance = multiply(transpose(centred), centred);
    const correlated = span(multiply(covariance, directions));
    const draw = gaussian(1, d, 9);
    const along = multiply(multiply(draw, correlated), transpose(correlated));
    const readOut = plus(draw, along, -1);
    const change = multiplyTransposed(plus(erased(states, relation), states, -1), readOut);
    const size = multiplyTransposed(centred, readOut);
    expect(Math.hypot(...change.data) / Math.hypot(...size.data)).toBeLessThan(0.05);
    const raw = multiplyTransposed(plus(erased(states, relation), states, -1), draw);
    expect(Math.hypot(...raw.data) / Math.hypot(...multiplyTransposed(centred, draw).data)).toBeGreaterThan(0.05);
  });

  it("is moved along by a rotation and a shift of the layer", () => {
    const turn = svd(gaussian(d, d, 7)).u;
    const turned = multiplyTransposed(states, turn);
    const shifted = { ...turned, data: turned.data.map((x, k) => x + Math.cos(k % d)) };
    const own = erasure(states, answerLogits, options)!.relation;
    const other = erasure(shifted, answerLogits, options)!.relation;
    const expected = multiplyTransposed(erasingVectors(states, columnMeans(states), own), turn);
    const found = erasingVectors(shifted, columnMeans(shifted), other);
    expect(largestDifference(found.data, expected.data)).toBeLessThan(1e-8);
  });

  it("removes random subspaces of the same rank and another place", () => {
    const { random } = erasure(states, answerLogits, options)!;
    expect(random).toHaveLength(3);
    for (const p of random) {
      const change = plus(erased(states, p), states, -1);
      expect(svd(change).s.filter((s) => s > 1e-9)).toHaveLength(rank);
    }
    expect(subspaceAngles(span(random[0]!.read), span(random[1]!.read)).overlap).toBeLessThan(0.9);
    expect(erasure(states, answerLogits, options)).toEqual(erasure(states, answerLogits, options));
  });

  it("has nothing to remove where answers or states do not differ", () => {
    const constant = { ...answerLogits, data: answerLogits.data.map((_, k) => k % answers) };
    expect(erasure(states, constant, options)).toBeNull();
    const same = { ...states, data: states.data.map((_, k) => k % d) };
    expect(erasure(same, answerLogits, options)).toBeNull();
  });

  it("needs no more states than directions", () => {
    const few = uneven(gaussian(6, 40, 4));
    const { relation } = erasure(few, multiply(few, gaussian(40, 3, 5)), options)!;
    const after = erased(few, relation);
    expect(svd(plus(after, few, -1)).s.filter((s) => s > 1e-8)).toHaveLength(rank);
    expect(row(after, 0).every(Number.isFinite)).toBe(true);
  });
});
