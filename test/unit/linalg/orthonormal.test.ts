import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { svd } from "../../../src/engine/linalg/decompositions";
import { fromRows, identity, multiply, multiplyTransposed, row, transpose } from "../../../src/engine/linalg/matrix";
import { orthonormalRows, removeRows } from "../../../src/engine/linalg/orthonormal";
import { gaussian, largestDifference } from "../analysis/toyModel";

describe("orthonormalRows", () => {
  it("spans what the rows span", () => {
    const shapes = fc.record({ n: fc.integer({ min: 1, max: 12 }), d: fc.integer({ min: 1, max: 12 }), rank: fc.integer({ min: 1, max: 12 }), seed: fc.nat() }); // prettier-ignore
    fc.assert(
      fc.property(shapes, ({ n, d, rank, seed }) => {
        const a = multiply(gaussian(n, rank, seed), gaussian(rank, d, seed + 1));
        const q = orthonormalRows(a, 1e-8);
        expect(q.rows).toBe(svd(a).s.filter((x) => x > 1e-8).length);
        expect(largestDifference(multiplyTransposed(q, q).data, identity(q.rows).data)).toBeLessThan(1e-13);
        const back = multiply(multiply(a, transpose(q)), q);
        expect(largestDifference(back.data, a.data)).toBeLessThan(1e-6);
      }),
    );
  });

  it("leaves zero rows and repeated rows out", () => {
    const q = orthonormalRows(fromRows([[0, 0, 0], [2, 0, 0], [5, 0, 0], [1, 1, 0]])); // prettier-ignore
    expect(q.rows).toBe(2);
    expect(Array.from(row(q, 1))).toEqual([0, 1, 0]);
    const x = Float64Array.of(3, 4, 5);
    removeRows(x, q);
    expect(Array.from(x)).toEqual([0, 0, 5]);
  });
});
