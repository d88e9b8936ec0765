import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { symmetricEigen } from "../../../src/engine/linalg/decompositions";
import { leadingEigen } from "../../../src/engine/linalg/leadingEigen";
import { fromRows, identity, multiply, multiplyTransposed, transpose, zeros, type Matrix } from "../../../src/engine/linalg/matrix"; // prettier-ignore
import { gaussian, largestDifference } from "../analysis/toyModel";

/** ‖a V − V diag(values)‖ and ‖VᵀV − I‖, by entry, as shares of the largest value. */
function errors(a: Matrix, { values, vectors }: ReturnType<typeof leadingEigen>) {
  const scaled = { ...vectors, data: vectors.data.map((x, k) => x * values[k % vectors.cols]!) };
  const size = Math.max(...values.map(Math.abs), 1e-300);
  return {
    residual: largestDifference(multiply(a, vectors).data, scaled.data) / size,
    orthogonality: largestDifference(multiply(transpose(vectors), vectors).data, identity(vectors.cols).data),
  };
}

describe("leadingEigen", () => {
  it("gives the leading pairs of the whole decomposition", () => {
    const shapes = fc.record({
      n: fc.integer({ min: 1, max: 40 }),
      rank: fc.integer({ min: 1, max: 40 }),
      count: fc.integer({ min: 1, max: 12 }),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(shapes, ({ n, rank, count, seed }) => {
        const rows = gaussian(n, rank, seed);
        const a = multiplyTransposed(rows, rows);
        const found = leadingEigen(a, count);
        const all = symmetricEigen(a).values.subarray(0, Math.min(count, n));
        expect(found.vectors.cols).toBe(all.length);
        expect(largestDifference(found.values, all)).toBeLessThan(1e-11 * all[0]!);
        expect(errors(a, found).residual).toBeLessThan(1e-10);
        expect(errors(a, found).orthogonality).toBeLessThan(1e-11);
      }),
    );
  });

  it("keeps its vectors apart where values coincide", () => {
    const q = symmetricEigen(multiplyTransposed(gaussian(30, 30, 1), gaussian(30, 30, 1))).vectors;
    for (const spectrum of [
      [5, 5, 5, 2],
      [5, 5 - 1e-13, 5 - 2e-13, 1],
      [3, 3, 3, 3, 3],
    ]) {
      const scaled = { ...q, data: q.data.map((x, k) => x * (spectrum[k % 30] ?? 0.5)) };
      const a = multiplyTransposed(scaled, q);
      const found = leadingEigen(a, 4);
      expect(largestDifference(found.values, [...spectrum, 0.5].slice(0, 4))).toBeLessThan(1e-12);
      expect(errors(a, found).residual).toBeLessThan(1e-10);
      expect(errors(a, found).orthogonality).toBeLessThan(1e-12);
    }
  });

  it("takes matrices without structure: diagonal, zero, indefinite", () => {
    const diagonal = zeros(20, 20);
    for (let i = 0; i < 20; i++) diagonal.data[i * 21] = i - 15;
    const found = leadingEigen(diagonal, 3);
    expect(Array.from(found.values)).toEqual([4, 3, 2].map((x): unknown => expect.closeTo(x, 12)));
    expect(errors(diagonal, found).residual).toBeLessThan(1e-12);
    expect(Array.from(leadingEigen(zeros(20, 20), 2).values)).toEqual([0, 0]);
    expect(errors(zeros(20, 20), leadingEigen(zeros(20, 20), 2)).orthogonality).toBeLessThan(1e-12);
    expect(leadingEigen(zeros(0, 0), 2).values).toHaveLength(0);
    expect(() => leadingEigen(fromRows([[1, 2]]), 1)).toThrow(RangeError);
    const infinite = { ...diagonal, data: diagonal.data.map((x, i) => (i === 41 ? NaN : x)) };
    expect(() => leadingEigen(infinite, 2)).toThrow(RangeError);
  });
});
