import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cholesky,
  choleskySolve,
  pivotedCholesky,
  solveLower,
  solveLowerTransposed,
  svd,
  symmetricEigen,
  symmetricEigenvalues,
} from "../../../src/engine/linalg/decompositions";
import {
  fromRows,
  identity,
  multiply,
  multiplyTransposed,
  scale,
  selectRows,
  subtract,
  transpose,
  zeros,
  type Matrix,
} from "../../../src/engine/linalg/matrix";
import { random } from "../../../src/engine/linalg/random";

const largestEntry = (a: Matrix) => a.data.reduce((m, x) => Math.max(m, Math.abs(x)), 0);
const distance = (a: Matrix, b: Matrix) => largestEntry(subtract(a, b));

function gaussian(rows: number, cols: number, seed: number): Matrix {
  const draws = random(seed, "gaussian");
  return { rows, cols, data: Float64Array.from({ length: rows * cols }, () => draws.normal()) };
}

function diagonal(values: ArrayLike<number>): Matrix {
  const out = zeros(values.length, values.length);
  for (let i = 0; i < values.length; i++) out.data[i * values.length + i] = values[i]!;
  return out;
}

/** Products of two Gaussian factors: any shape, any rank, over twelve decades of scale. */
const matrices = fc
  .record({
    rows: fc.integer({ min: 1, max: 9 }),
    cols: fc.integer({ min: 1, max: 9 }),
    rank: fc.integer({ min: 0, max: 9 }),
    decade: fc.integer({ min: -6, max: 6 }),
    seed: fc.nat(),
  })
  .map(({ rows, cols, rank, decade, seed }) =>
    scale(multiply(gaussian(rows, rank, seed), gaussian(rank, cols, seed + 1)), 10 ** decade),
  );
/** Small integers make ties, zeros and exact rank deficiency likely. */
const integers = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
  .chain(([rows, cols]) =>
    fc
      .array(fc.integer({ min: -2, max: 2 }), { minLength: rows * cols, maxLength: rows * cols })
      .map((entries): Matrix => ({ rows, cols, data: Float64Array.from(entries) })),
  );

describe("svd", () => {
  it("gives back the matrix from orthonormal factors and descending values", () => {
    fc.assert(
      fc.property(fc.oneof(matrices, integers), (a) => {
        const { u, s, v } = svd(a);
        const k = Math.min(a.rows, a.cols);
        expect([u.rows, u.cols, s.length, v.rows, v.cols]).toEqual([a.rows, k, k, a.cols, k]);
        expect(distance(multiplyTransposed(multiply(u, diagonal(s)), v), a)).toBeLessThanOrEqual(
          1e-12 * largestEntry(a),
        );
        expect(distance(multiply(transpose(u), u), identity(k))).toBeLessThan(1e-12);
        expect(distance(multiply(transpose(v), v), identity(k))).toBeLessThan(1e-12);
        for (let i = 0; i < k; i++) expect(s[i]!).toBeGreaterThanOrEqual(s[i + 1] ?? 0);
      }),
      { numRuns: 500 },
    );
  });

  it("finds known singular values", () => {
    expect(svd(fromRows([[3, 0], [0, -4], [0, 0]])).s).toEqual(Float64Array.of(4, 3)); // prettier-ignore
    expect(svd(fromRows([[1, 1, 1, 1]])).s[0]).toBeCloseTo(2, 14);
  });

  it("keeps its digits at the ends of the number range", () => {
    for (const size of [1e-300, 1e300]) expect(svd(fromRows([[3 * size, 0], [0, 4 * size]])).s[0]! / size).toBeCloseTo(4, 12); // prettier-ignore
  });

  it("refuses entries that are not finite", () => {
    expect(() => svd(fromRows([[1, NaN]]))).toThrow(RangeError);
    expect(() => svd(fromRows([[1, Infinity]]))).toThrow(RangeError);
  });
});

describe("symmetricEigen", () => {
  it("gives back the matrix from orthonormal vectors and descending values", () => {
    fc.assert(
      fc.property(fc.oneof(matrices, integers), (b) => {
        const a = multiplyTransposed(b, b);
        const { values, vectors } = symmetricEigen(a);
        const rebuilt = multiplyTransposed(multiply(vectors, diagonal(values)), vectors);
        expect(distance(rebuilt, a)).toBeLessThanOrEqual(1e-12 * largestEntry(a));
        expect(distance(multiply(transpose(vectors), vectors), identity(a.rows))).toBeLessThan(1e-12);
        for (let i = 1; i < values.length; i++) expect(values[i]!).toBeLessThanOrEqual(values[i - 1]!);
      }),
    );
  });

  it("finds the eigenvalues 2 − 2 cos(π k / (n + 1)) of the second difference", () => {
    const n = 12;
    const a = zeros(n, n);
    for (let i = 0; i < n; i++) {
      a.data[i * n + i] = 2;
      if (i > 0) a.data[i * n + i - 1] = a.data[(i - 1) * n + i] = -1;
    }
    const { values } = symmetricEigen(a);
    values.forEach((value, k) => expect(value).toBeCloseTo(2 - 2 * Math.cos((Math.PI * (n - k)) / (n + 1)), 12));
  });

  it("orders negative values last", () => {
    expect(symmetricEigen(diagonal([-5, 2, -1])).values).toEqual(Float64Array.of(2, -1, -5));
  });

  it("finds the same values without the vectors", () => {
    fc.assert(
      fc.property(fc.oneof(matrices, integers), (b) => {
        const a = multiplyTransposed(b, b);
        expect(symmetricEigenvalues(a)).toEqual(symmetricEigen(a).values);
      }),
    );
    expect(symmetricEigenvalues(diagonal([-5, 2, -1]))).toEqual(Float64Array.of(2, -1, -5));
  });

  it("refuses other shapes", () => {
    expect(() => symmetricEigen(zeros(2, 3))).toThrow(RangeError);
    expect(() => symmetricEigenvalues(zeros(2, 3))).toThrow(RangeError);
  });
});

describe("cholesky", () => {
  const definite = matrices.map((b) => {
    const a = multiplyTransposed(b, b);
    return { ...a, data: a.data.map((x, k) => x + (k % (a.cols + 1) === 0 ? 1 : 0)) };
  });

  it("gives back the matrix and solves with it", () => {
    fc.assert(
      fc.property(definite, (a) => {
        const l = cholesky(a);
        expect(distance(multiplyTransposed(l, l), a)).toBeLessThanOrEqual(1e-13 * largestEntry(a));
        const b = gaussian(a.rows, 3, 5);
        // A definite matrix may be ill-conditioned: the residual, not the error, is small beside |l| |x|.
        const forward = solveLower(l, b);
        const backward = solveLowerTransposed(l, b);
        const bound = (x: Matrix) => 1e-14 * largestEntry(l) * largestEntry(x) * a.rows;
        expect(distance(multiply(l, forward), b)).toBeLessThanOrEqual(bound(forward));
        expect(distance(multiply(transpose(l), backward), b)).toBeLessThanOrEqual(bound(backward));
      }),
    );
  });

  it("solves a known system", () => {
    const x = choleskySolve(fromRows([[4, 2], [2, 3]]), fromRows([[2], [-1]])); // prettier-ignore
    expect(x.data[0]).toBeCloseTo(1, 14);
    expect(x.data[1]).toBeCloseTo(-1, 14);
  });

  it("refuses what is not square, not definite, or does not fit", () => {
    expect(() => cholesky(zeros(2, 3))).toThrow(RangeError);
    expect(() => cholesky(fromRows([[1, 2], [2, 1]]))).toThrow(RangeError); // prettier-ignore
    expect(() => cholesky(fromRows([[NaN]]))).toThrow(RangeError);
    expect(() => choleskySolve(identity(2), zeros(3, 1))).toThrow(RangeError);
  });
});

describe("pivotedCholesky", () => {
  it("gives back semidefinite matrices at their rank", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 12 }), fc.nat(), (d, r, seed) => {
        const b = gaussian(d, r, seed);
        const a = multiplyTransposed(b, b);
        const { factor, rank, pivots } = pivotedCholesky(a, 1e-10);
        expect(rank).toBe(Math.min(d, r));
        expect(distance(multiplyTransposed(factor, factor), a)).toBeLessThanOrEqual(1e-10 * largestEntry(a));
        const triangle = selectRows(factor, pivots);
        for (let i = 0; i < rank; i++) {
          for (let j = i + 1; j < rank; j++) expect(triangle.data[i * rank + j]).toBe(0);
        }
      }),
    );
  });

  it("drops what is below the tolerance and keeps what is above", () => {
    expect(pivotedCholesky(diagonal([1e-11, 1, 1e-9]), 1e-10).pivots).toEqual(Int32Array.of(1, 2));
  });

  it("refuses what is not square or not semidefinite", () => {
    expect(() => pivotedCholesky(zeros(2, 3), 1e-10)).toThrow(RangeError);
    expect(() => pivotedCholesky(fromRows([[1, 2], [2, 1]]), 1e-10)).toThrow(RangeError); // prettier-ignore
    expect(() => pivotedCholesky(diagonal([-1, -1]), 1e-10)).toThrow(RangeError);
    expect(() => pivotedCholesky(diagonal([NaN, 1]), 1e-10)).toThrow(RangeError);
  });
});
