import { describe, expect, it } from "vitest";
import { invertLower } from "../../../src/engine/linalg/invertLower";
import { identity, multiply, multiplyTransposed, type Matrix } from "../../../src/engine/linalg/matrix";
import { random } from "../../../src/engine/linalg/random";

describe("invertLower", () => {
  it.each([1, 2, 3, 4, 7, 20, 31])("times the matrix is the identity (n = %i)", (n) => {
    const draws = random(n);
    const x: Matrix = { rows: n, cols: n + 2, data: Float64Array.from({ length: n * (n + 2) }, () => draws.normal()) };
    const gram = multiplyTransposed(x, x);
    const a = { ...gram, data: gram.data.map((entry, k) => 10 * entry + (k % (n + 1) === 0 ? 1 : 0)) };
    const lower = a.data.map((entry, k) => (k % n <= Math.floor(k / n) ? entry : NaN));
    invertLower(lower, n);
    const inverse = {
      ...a,
      data: a.data.map((_, k) => {
        const [i, j] = [Math.floor(k / n), k % n];
        return lower[Math.max(i, j) * n + Math.min(i, j)]!;
      }),
    };
    multiply(a, inverse).data.forEach((entry, k) => expect(entry).toBeCloseTo(identity(n).data[k]!, 9));
  });
});
