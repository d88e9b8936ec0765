import type { Matrix } from "../../linalg/matrix";

/** Entries of a packed lower triangle of n rows. */
export function packedLength(n: number): number {
  return (n * (n + 1)) / 2;
}

/** Lower triangle of a symmetric matrix [n, n] whose rows and columns are taken in the order `order`, row by row. */
export function packPermuted(a: Matrix, order: ArrayLike<number>, out: Float64Array): Float64Array {
  const n = a.rows;
  for (let i = 0, at = 0; i < n; i++) {
    const offset = order[i]! * n;
    for (let j = 0; j <= i; j++) out[at++] = a.data[offset + order[j]!]!;
  }
  return out;
}

/** Lower triangle of a quadratic form a [n, n], row by row, with entries off the diagonal doubled; a is symmetric. */
export function packForm(a: Float64Array, n: number, out: Float64Array): Float64Array {
  for (let i = 0, at = 0; i < n; i++) {
    const from = i * n;
    for (let j = 0; j < i; j++) out[at++] = 2 * a[from + j]!;
    out[at++] = a[from + i]!;
  }
  return out;
}
