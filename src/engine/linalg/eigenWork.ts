import type { Matrix } from "./matrix";
import { Workspace } from "./simd/kernels";

/** Bytes of a float64. */
const size = 8;

let shared: Workspace | null = null;

/** A symmetric matrix on its way to its eigenvalues, in the memory of the vector kernels: one at a time. */
export class EigenWork {
  private readonly n: number;
  private readonly stride: number;
  /** Where the matrix Q, a vector, what is beside the diagonal, and the factors begin, in entries. */
  private readonly q: number;
  private readonly p: number;
  private readonly beside: number;
  /** Of the reflections I − factor v vᵀ, whose v are left in the rows of the matrix. */
  private readonly factors: number;
  private readonly entries: Float64Array;
  private readonly kernels: Workspace["kernels"];

  /** @param a of which the lower triangle is read, [n, n] */
  constructor(a: Matrix, scale: number) {
    const n = a.rows;
    shared ??= new Workspace();
    this.kernels = shared.kernels;
    this.n = n;
    const stride = n + 2;
    this.stride = stride;
    this.q = n * stride;
    this.p = 2 * n * stride;
    this.beside = this.p + stride;
    this.factors = this.beside + stride;
    this.entries = shared.entries(this.factors + stride);
    this.entries.fill(0, 0, this.factors + stride);
    const { entries } = this;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) entries[i * stride + j] = entries[j * stride + i] = a.data[i * n + j]! * scale;
    }
  }

  /** a = Q T Qᵀ with T tridiagonal: its diagonal, and `beside[i]` its entry (i + 1, i). */
  tridiagonalise(): { diagonal: Float64Array; beside: Float64Array } {
    const { n, stride, entries, beside } = this;
    this.kernels.tridiagonalise(0, n, stride, size * this.p, size * beside, size * this.factors);
    const diagonal = new Float64Array(n);
    for (let i = 0; i < n; i++) diagonal[i] = entries[i * stride + i]!;
    return { diagonal, beside: entries.slice(beside, beside + n) };
  }

  /** x := Q x [n], by the reflections; before `accumulate`. */
  applyTo(x: Float64Array): void {
    const { n, stride, entries, factors } = this;
    for (let k = n - 2; k >= 0; k--) {
      const factor = entries[factors + k]!;
      if (factor === 0) continue;
      const from = k * stride;
      let along = 0;
      for (let i = k + 1; i < n; i++) along += entries[from + i]! * x[i]!;
      along *= factor;
      for (let i = k + 1; i < n; i++) x[i]! -= along * entries[from + i]!;
    }
  }

  /** Q, with which columns can be turned and read. */
  accumulate(): void {
    const { n, stride, entries, q } = this;
    for (let i = 0; i < n; i++) entries[q + i * stride + i] = 1;
    this.kernels.accumulate(0, n, stride, size * this.p, size * q, size * this.factors);
    // Columns are turned against each other from here on: Qᵀ, in place of the matrix, has them as rows.
    entries.fill(0, 0, q);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) entries[j * stride + i] = entries[q + i * stride + j]!;
    }
  }

  /** Turns columns i and i + 1 of Q against each other, for i = high − 1 down to low. */
  rotate(low: number, high: number, sines: Float64Array, cosines: Float64Array): void {
    if (low === high) return;
    const { n, stride, entries, kernels, q, p } = this;
    // Q itself is no longer needed.
    entries.set(sines.subarray(low, high), q + low);
    entries.set(cosines.subarray(low, high), p + low);
    kernels.rotateRows(0, n, stride, low, high, size * q, size * p);
  }

  /** View of column k of Q, [n]. */
  column(k: number): Float64Array {
    return this.entries.subarray(k * this.stride, k * this.stride + this.n);
  }
}
