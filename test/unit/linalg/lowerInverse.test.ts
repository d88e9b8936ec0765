import { describe, expect, it } from "vitest";
import { cholesky } from "../../../src/engine/linalg/decompositions";
import { lowerInverse } from "../../../src/engine/linalg/lowerInverse";
import { identity, multiply, multiplyTransposed, zeros, type Matrix } from "../../../src/engine/linalg/matrix";
import { random } from "../../../src/engine/linalg/random";

describe("lowerInverse", () => {
  it.each([1, 2, 24, 25, 49, 101])("times the matrix is the identity (n = %i)", (n) => {
    const draws = random(n);
    const x: Matrix = { rows: n, cols: n + 9, data: Float64Array.from({ length: n * (n + 9) }, () => draws.normal()) };
    const root = cholesky(multiplyTransposed(x, x));
    // What is above the diagonal does not count.
    const marked = { ...root, data: root.data.map((entry, k) => (k % n > Math.floor(k / n) ? NaN : entry)) };
    const inverse = lowerInverse(marked);
    const product = multiply(inverse, root);
    product.data.forEach((entry, k) => expect(entry).toBeCloseTo(identity(n).data[k]!, 9));
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) expect(inverse.data[i * n + j]).toBe(0);
  });

  it("refuses other shapes", () => {
    expect(() => lowerInverse(zeros(2, 3))).toThrow(RangeError);
  });
});
