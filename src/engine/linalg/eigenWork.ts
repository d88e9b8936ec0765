import type { Matrix } from "./matrix";
import { Workspace } from "./simd/kernels";

/** Bytes of a float64. */
const size = 8;

let shared: Workspace | null = null;

/** A symmetric matrix on its way to its eigenvalues, in the memory of the vector kernels: one at a time. */
export class EigenWork {
  private readonly n: number;
  private readonly stride: number;
  /** Where the matrix, Q and two vectors begin, in entries. */
  private readonly q: number;
  private readonly p: number;
  private readonly zero: number;
  private readonly entries: Float64Array;
  private readonly kernels: Workspace["kernels"];
  /** Of the reflections I − factor v vᵀ, whose v are left in the rows of the matrix. */
  private readonly factors: Float64Array;

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
    this.zero = this.p + stride;
    this.entries = shared.entries(this.zero + stride);
    this.entries.fill(0, 0, this.zero + stride);
    this.factors = new Float64Array(n);
    const { entries } = this;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) entries[i * stride + j] = entries[j * stride + i] = a.data[i * n + j]! * scale;
    }
  }

  /** a = Q T Qᵀ with T tridiagonal: its diagonal, and `beside[i]` its entry (i + 1, i). */
  tridiagonalise(): { diagonal: Float64Array; beside: Float64Array } {
    const { n, stride, entries, kernels, factors } = this;
    const p = entries.subarray(this.p, this.p + stride);
    const beside = new Float64Array(n);
    for (let k = 0; k < n - 1; k++) {
      // Row k beyond the diagonal becomes the vector v of the reflection I − factor v vᵀ.
      const v = entries.subarray(k * stride, (k + 1) * stride);
      let squares = 0;
      for (let j = k + 2; j < n; j++) squares += v[j]! * v[j]!;
      const first = v[k + 1]!;
      if (squares === 0) {
        beside[k] = first;
        continue;
      }
      const length = Math.sqrt(first * first + squares);
      const head = first > 0 ? first + length : first - length;
      beside[k] = first > 0 ? -length : length;
      v[k + 1] = head;
      const factor = 2 / (head * head + squares);
      factors[k] = factor;
      // The matrix is symmetric, so that what its rows combine to is its product with v.
      kernels.combinedRows(0, n, stride, k + 1, size * k * stride, size * this.p);
      let along = 0;
      for (let i = k + 1; i < n; i++) along += p[i]! * v[i]!;
      const half = (factor * factor * along) / 2;
      for (let i = k + 1; i < n; i++) p[i] = factor * p[i]! - half * v[i]!;
      const [x, y] = [size * k * stride, size * this.p];
      kernels.rankTwo(0, n, stride, k + 1, x, y, y, x);
    }
    return { diagonal: Float64Array.from({ length: n }, (_, i) => entries[i * stride + i]!), beside };
  }

  /** x := Q x [n], by the reflections; before `accumulate`. */
  applyTo(x: Float64Array): void {
    const { n, stride, entries, factors } = this;
    for (let k = n - 2; k >= 0; k--) {
      const factor = factors[k]!;
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
    const { n, stride, entries, kernels, factors, q } = this;
    const p = entries.subarray(this.p, this.p + stride);
    for (let i = 0; i < n; i++) entries[q + i * stride + i] = 1;
    for (let k = n - 2; k >= 0; k--) {
      const factor = factors[k]!;
      if (factor === 0) continue;
      const v = size * k * stride;
      kernels.combinedRows(size * q, n, stride, k + 1, v, size * this.p);
      for (let j = k + 1; j < n; j++) p[j]! *= factor;
      kernels.rankTwo(size * q, n, stride, k + 1, v, size * this.p, size * this.zero, size * this.zero);
    }
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
