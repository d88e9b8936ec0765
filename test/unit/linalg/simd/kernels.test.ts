import { describe, expect, it } from "vitest";
import { productInto, rowProductsInto } from "../../../../src/engine/linalg/products";
import { random } from "../../../../src/engine/linalg/random";
import { blockProduct, blockRowProduct, isWorthwhile } from "../../../../src/engine/linalg/simd/blockProducts";
import { Workspace } from "../../../../src/engine/linalg/simd/kernels";

function normal(count: number, seed: number): Float64Array {
  const draws = random(seed);
  return Float64Array.from({ length: count }, () => draws.normal());
}

/** By the definition, each sum in the order of the inner index. */
function expected(a: Float64Array, b: Float64Array, [rows, inner, cols]: readonly [number, number, number]): number[] {
  return Array.from({ length: rows * cols }, (_, at) => {
    const [i, j] = [Math.floor(at / cols), at % cols];
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += a[i * inner + k]! * b[k * cols + j]!;
    return sum;
  });
}

function transposed(a: Float64Array, rows: number, cols: number): Float64Array {
  return Float64Array.from({ length: a.length }, (_, at) => a[(at % rows) * cols + Math.floor(at / rows)]!);
}

const shapes = [
  [1, 1, 1],
  [4, 3, 4],
  [5, 7, 3],
  [9, 2, 6],
  [3, 5, 10],
  [33, 96, 47],
  [2, 3000, 1000],
  [450, 2500, 450],
] as const;

describe("products by the vector kernels", () => {
  it.each(shapes)("are those of the definition to the last digit, [%i, %i] times [.., %i]", (rows, inner, cols) => {
    const shape = [rows, inner, cols] as const;
    const [a, b] = [normal(rows * inner, 1), normal(inner * cols, 2)];
    const known = rows * inner * cols > 1e8 ? null : expected(a, b, shape);
    const [one, other] = [new Float64Array(rows * cols), new Float64Array(rows * cols)];
    blockProduct(a, b, shape, one);
    blockRowProduct(a, transposed(b, inner, cols), shape, other, false);
    expect(one.every((x, at) => x === other[at])).toBe(true);
    if (known !== null) expect(Array.from(one)).toEqual(known);
    for (const at of [0, Math.floor(one.length / 2), one.length - 1]) {
      const [i, j] = [Math.floor(at / cols), at % cols];
      const cut = [1, inner, 1] as const;
      const column = Float64Array.from({ length: inner }, (_, k) => b[k * cols + j]!);
      expect(one[at]).toBe(expected(a.subarray(i * inner, (i + 1) * inner), column, cut)[0]);
    }
  });

  it("are used for all but small ones, and make no difference", () => {
    expect([isWorthwhile([2, 2, 2]), isWorthwhile([40, 40, 40]), isWorthwhile([1, 10_000, 1])]).toEqual([
      false,
      true,
      false,
    ]);
    const shape = [30, 40, 31] as const;
    const [a, b] = [normal(1200, 3), normal(1240, 4)];
    const [one, other] = [new Float64Array(930), new Float64Array(930)];
    productInto(a, b, shape, one);
    rowProductsInto(a, transposed(b, 40, 31), shape, other);
    expect(Array.from(one)).toEqual(expected(a, b, shape));
    expect(other).toEqual(one);
  });

  it("give the lower triangle where no more is asked for", () => {
    const a = normal(21 * 40, 5);
    const out = new Float64Array(21 * 21);
    blockRowProduct(a, a, [21, 40, 21], out, true);
    const whole = expected(a, transposed(a, 21, 40), [21, 40, 21]);
    for (let i = 0; i < 21; i++) for (let j = 0; j <= i; j++) expect(out[i * 21 + j]).toBe(whole[i * 21 + j]);
  });
});

describe("two matrices at a time", () => {
  it.each([2, 4, 10, 36])("inverses and products are those of each (n = %i)", (n) => {
    const workspace = new Workspace();
    const entries = workspace.entries(4 * n * n + 8 * n);
    const matrices = [1, 2].map((seed) => {
      const x = normal(n * n, seed);
      const gram = expected(x, transposed(x, n, n), [n, n, n]);
      return gram.map((entry, at) => entry + (at % (n + 1) === 0 ? 1 : 0));
    });
    matrices.forEach((matrix, side) => matrix.forEach((entry, at) => (entries[2 * at + side] = entry)));
    // Only the lower triangle may be read.
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) entries.fill(NaN, 2 * (i * n + j), 2 * (i * n + j) + 2);
    workspace.kernels.pairInverse(0, n, 16 * n * n);
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) entries.copyWithin(2 * (i * n + j), 2 * (j * n + i), 2 * (j * n + i) + 2);
    }
    const [v, out] = [2 * n * n, 2 * n * n + 2 * n];
    matrices.forEach((matrix, side) => {
      for (let i = 0; i < n; i++) {
        entries[v + 2 * i + side] = -matrix.slice(i * n, (i + 1) * n).reduce((sum, x, j) => sum + x * (j + 1), 0);
      }
    });
    workspace.kernels.pairProduct(0, 8 * v, 8 * out, n);
    // −A⁻¹ (−A x) = x
    for (let i = 0; i < n; i++) for (const side of [0, 1]) expect(entries[out + 2 * i + side]).toBeCloseTo(i + 1, 8);
  });
});
