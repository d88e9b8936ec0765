import { Matrix as LibraryMatrix, SingularValueDecomposition } from "ml-matrix";
import { zeros, type Matrix } from "./matrix";
import { isFiniteMatrix, powerOfTwoNear } from "./scaling";

export { symmetricEigen, symmetricEigenvalues, type SymmetricEigen } from "./symmetricEigen";

export interface Svd {
  /** [rows, min(rows, cols)], orthonormal columns. */
  readonly u: Matrix;
  /** [min(rows, cols)], largest first. */
  readonly s: Float64Array;
  /** [cols, min(rows, cols)], orthonormal columns. */
  readonly v: Matrix;
}

/**
 * Thin singular value decomposition a = U diag(s) Vᵀ.
 * @throws RangeError when a has an entry that is not finite.
 */
export function svd(a: Matrix): Svd {
  // The library iterates without end on NaN and infinities.
  requireFinite(a);
  const rank = Math.min(a.rows, a.cols);
  const scale = powerOfTwoNear(a);
  if (rank === 0 || scale === 0) {
    return { u: leadingIdentity(a.rows, rank), s: new Float64Array(rank), v: leadingIdentity(a.cols, rank) };
  }
  const scaled = LibraryMatrix.from1DArray(
    a.rows,
    a.cols,
    a.data.map((x) => x / scale),
  );
  const result = new SingularValueDecomposition(scaled, { autoTranspose: true });
  const order = descending(result.diagonal).slice(0, rank);
  return {
    u: selectColumns(result.leftSingularVectors, order),
    s: Float64Array.from(order, (k) => result.diagonal[k]! * scale),
    v: selectColumns(result.rightSingularVectors, order),
  };
}

/**
 * Lower triangular L with a = L Lᵀ. Only the lower triangle of a is read.
 * @throws RangeError when a is not square or not positive definite.
 */
export function cholesky(a: Matrix): Matrix {
  requireSquare(a);
  const n = a.rows;
  const l = zeros(n, n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) l.data[i * n + j] = a.data[i * n + j]!;
  if (!choleskyInPlace(l.data, n)) throw new RangeError("the matrix is not positive definite");
  return l;
}

/** The same factor in place of the lower triangle of a [n, n]; false where a is not positive definite. */
export function choleskyInPlace(a: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[j * n + k]!;
      if (i !== j) a[i * n + j] = sum / a[j * n + j]!;
      else if (sum > 0 && sum < Infinity) a[i * n + i] = Math.sqrt(sum);
      else return false;
    }
  }
  return true;
}

/**
 * X with a X = b for a symmetric positive definite a [n, n] and b [n, m].
 * @throws RangeError when a is not square or not positive definite, or b has another number of rows.
 */
export function choleskySolve(a: Matrix, b: Matrix): Matrix {
  const l = cholesky(a);
  return solveLowerTransposed(l, solveLower(l, b));
}

/** X with l X = b for a lower triangular l [n, n] and b [n, m]. @throws RangeError when the shapes do not fit. */
export function solveLower(l: Matrix, b: Matrix): Matrix {
  requireSolvable(l, b);
  const [n, m] = [l.rows, b.cols];
  const x = b.data.slice();
  for (let i = 0; i < n; i++) {
    const target = x.subarray(i * m, (i + 1) * m);
    for (let k = 0; k < i; k++) {
      const factor = l.data[i * n + k]!;
      if (factor === 0) continue;
      for (let j = 0; j < m; j++) target[j]! -= factor * x[k * m + j]!;
    }
    const pivot = l.data[i * n + i]!;
    for (let j = 0; j < m; j++) target[j]! /= pivot;
  }
  return { rows: n, cols: m, data: x };
}

/** X with lᵀ X = b for a lower triangular l [n, n] and b [n, m]. @throws RangeError when the shapes do not fit. */
export function solveLowerTransposed(l: Matrix, b: Matrix): Matrix {
  requireSolvable(l, b);
  const [n, m] = [l.rows, b.cols];
  const x = b.data.slice();
  for (let i = n - 1; i >= 0; i--) {
    const source = x.subarray(i * m, (i + 1) * m);
    const pivot = l.data[i * n + i]!;
    for (let j = 0; j < m; j++) source[j]! /= pivot;
    for (let k = 0; k < i; k++) {
      const factor = l.data[i * n + k]!;
      if (factor === 0) continue;
      for (let j = 0; j < m; j++) x[k * m + j]! -= factor * source[j]!;
    }
  }
  return { rows: n, cols: m, data: x };
}

export interface PivotedCholesky {
  /** C [d, rank] with a ≈ C Cᵀ; its rows named by `pivots` form a lower triangular matrix. */
  readonly factor: Matrix;
  readonly rank: number;
  /** [rank], in the order in which they were eliminated. */
  readonly pivots: Int32Array;
}

/**
 * Cholesky factor of a positive semidefinite a [d, d], with the largest remaining diagonal entry eliminated first,
 * until all that remain are at most `relativeTolerance` times the largest of a. Every entry of a − C Cᵀ is then below
 * that bound. d³/6 multiplications; only the lower triangle is read.
 * @throws RangeError when a is not square, or a diagonal entry is or becomes negative beyond the tolerance.
 */
export function pivotedCholesky(a: Matrix, relativeTolerance: number): PivotedCholesky {
  requireSquare(a);
  const d = a.rows;
  const order = new Int32Array(d);
  const remaining = new Float64Array(d);
  let largest = 0;
  for (let i = 0; i < d; i++) {
    order[i] = i;
    remaining[i] = a.data[i * d + i]!;
    largest = Math.max(largest, remaining[i]!);
  }
  const threshold = relativeTolerance * largest;
  const l = new Float64Array(d * d);
  let rank = 0;
  for (; rank < d; rank++) {
    let pivot = rank;
    for (let i = rank; i < d; i++) {
      if (!(remaining[i]! >= -threshold)) throw new RangeError("the matrix is not positive semidefinite");
      if (remaining[i]! > remaining[pivot]!) pivot = i;
    }
    if (remaining[pivot]! <= threshold) break;
    swapRows({ l, order, remaining }, pivot, rank);
    eliminate(a, { l, order, remaining }, rank);
  }
  const factor = zeros(d, rank);
  for (let i = 0; i < d; i++) factor.data.set(l.subarray(i * d, i * d + rank), order[i]! * rank);
  return { factor, rank, pivots: order.slice(0, rank) };
}

/** A Cholesky factor on its way: row i, contiguous, belongs to index order[i]. */
interface Elimination {
  readonly l: Float64Array;
  readonly order: Int32Array;
  /** Diagonal of what remains. */
  readonly remaining: Float64Array;
}

/** Changes the places of rows i and rank, of which `rank` columns are made. */
function swapRows({ l, order, remaining }: Elimination, i: number, rank: number): void {
  if (i === rank) return;
  const d = order.length;
  const index = order[i]!;
  order[i] = order[rank]!;
  order[rank] = index;
  const left = remaining[i]!;
  remaining[i] = remaining[rank]!;
  remaining[rank] = left;
  for (let k = 0; k < rank; k++) {
    const held = l[i * d + k]!;
    l[i * d + k] = l[rank * d + k]!;
    l[rank * d + k] = held;
  }
}

/** Column k of the factor, below its pivot. */
function eliminate({ rows: d, data }: Matrix, { l, order, remaining }: Elimination, k: number): void {
  const root = Math.sqrt(remaining[k]!);
  const p = order[k]!;
  const at = k * d;
  l[at + k] = root;
  for (let i = k + 1; i < d; i++) {
    const q = order[i]!;
    l[i * d + k] = data[p > q ? p * d + q : q * d + p]!;
  }
  let i = k + 1;
  // Four rows at a time, so that no sum waits for the one before.
  for (; i + 3 < d; i += 4) {
    const i0 = i * d;
    const i1 = i0 + d;
    const i2 = i1 + d;
    const i3 = i2 + d;
    let s0 = l[i0 + k]!;
    let s1 = l[i1 + k]!;
    let s2 = l[i2 + k]!;
    let s3 = l[i3 + k]!;
    for (let j = 0; j < k; j++) {
      const x = l[at + j]!;
      s0 -= l[i0 + j]! * x;
      s1 -= l[i1 + j]! * x;
      s2 -= l[i2 + j]! * x;
      s3 -= l[i3 + j]! * x;
    }
    l[i0 + k] = s0;
    l[i1 + k] = s1;
    l[i2 + k] = s2;
    l[i3 + k] = s3;
  }
  for (; i < d; i++) {
    let sum = l[i * d + k]!;
    for (let j = 0; j < k; j++) sum -= l[i * d + j]! * l[at + j]!;
    l[i * d + k] = sum;
  }
  for (i = k + 1; i < d; i++) {
    const entry = l[i * d + k]! / root;
    l[i * d + k] = entry;
    remaining[i]! -= entry * entry;
  }
}

function requireSquare(a: Matrix): void {
  if (a.rows !== a.cols) throw new RangeError(`a ${a.rows}×${a.cols} matrix is not square`);
}

function requireSolvable(l: Matrix, b: Matrix): void {
  requireSquare(l);
  if (l.rows !== b.rows) throw new RangeError(`cannot solve ${l.rows}×${l.cols} for ${b.rows}×${b.cols}`);
}

function requireFinite(a: Matrix): void {
  if (!isFiniteMatrix(a)) throw new RangeError("the matrix has an entry that is not finite");
}

function descending(values: readonly number[]): number[] {
  return values.map((_, k) => k).sort((i, j) => values[j]! - values[i]!);
}

function selectColumns(a: LibraryMatrix, columns: readonly number[]): Matrix {
  const out = zeros(a.rows, columns.length);
  columns.forEach((column, k) => {
    for (let i = 0; i < a.rows; i++) out.data[i * out.cols + k] = a.get(i, column);
  });
  return out;
}

function leadingIdentity(rows: number, cols: number): Matrix {
  const out = zeros(rows, cols);
  for (let i = 0; i < cols; i++) out.data[i * cols + i] = 1;
  return out;
}
