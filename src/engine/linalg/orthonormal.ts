import { dot, row, zeros, type Matrix } from "./matrix";

/**
 * Orthonormal rows that span the rows of a [n, d]: Gram–Schmidt, each row twice, so that rounding leaves no trace.
 * A row of which less than `relativeTolerance` of its own length is left counts as dependent on those before it.
 *
 * @returns [rank, d]
 */
export function orthonormalRows(a: Matrix, relativeTolerance = 1e-10): Matrix {
  const out = zeros(Math.min(a.rows, a.cols), a.cols);
  let rank = 0;
  for (let i = 0; i < a.rows && rank < out.rows; i++) {
    const target = row(out, rank);
    target.set(row(a, i));
    const length = Math.sqrt(dot(target, target));
    if (length === 0) continue;
    for (let j = 0; j < target.length; j++) target[j]! /= length;
    removeRows(target, out, rank);
    const left = Math.sqrt(dot(target, target));
    if (!(left > relativeTolerance)) continue;
    for (let j = 0; j < target.length; j++) target[j]! /= left;
    removeRows(target, out, rank);
    rank++;
  }
  return { rows: rank, cols: a.cols, data: out.data.slice(0, rank * a.cols) };
}

/** x := x − B Bᵀ x, with the first `count` rows of `basis` as columns of B, orthonormal. */
export function removeRows(x: Float64Array, basis: Matrix, count = basis.rows): void {
  for (let pass = 0; pass < 2; pass++) {
    for (let k = 0; k < count; k++) {
      const axis = row(basis, k);
      const along = dot(x, axis);
      for (let j = 0; j < x.length; j++) x[j]! -= along * axis[j]!;
    }
  }
}
