import { gramInto, productInto, rowProductsInto } from "./products";

/** Dense matrix, row-major, float64. Entry (i, j) is `data[i * cols + j]`. */
export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float64Array;
}

export function zeros(rows: number, cols: number): Matrix {
  return { rows, cols, data: new Float64Array(rows * cols) };
}

export function identity(n: number): Matrix {
  const out = zeros(n, n);
  for (let i = 0; i < n; i++) out.data[i * n + i] = 1;
  return out;
}

/** @throws RangeError when the rows differ in length. */
export function fromRows(rows: readonly ArrayLike<number>[]): Matrix {
  const cols = rows[0]?.length ?? 0;
  const out = zeros(rows.length, cols);
  rows.forEach((row, i) => {
    if (row.length !== cols) throw new RangeError(`row ${i} has ${row.length} entries, expected ${cols}`);
    out.data.set(row, i * cols);
  });
  return out;
}

export function toRows(a: Matrix): number[][] {
  return Array.from({ length: a.rows }, (_, i) => Array.from(row(a, i)));
}

/** View of row i; writes go through. */
export function row(a: Matrix, i: number): Float64Array {
  return a.data.subarray(i * a.cols, (i + 1) * a.cols);
}

/** Copy of the rows named by `indices`, in that order. */
export function selectRows(a: Matrix, indices: ArrayLike<number>): Matrix {
  const out = zeros(indices.length, a.cols);
  for (let k = 0; k < indices.length; k++) {
    const i = indices[k]!;
    out.data.set(a.data.subarray(i * a.cols, (i + 1) * a.cols), k * a.cols);
  }
  return out;
}

export function transpose(a: Matrix): Matrix {
  const out = zeros(a.cols, a.rows);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < a.cols; j++) out.data[j * a.rows + i] = a.data[i * a.cols + j]!;
  }
  return out;
}

/** a b. @throws RangeError when the shapes do not fit. */
export function multiply(a: Matrix, b: Matrix): Matrix {
  if (a.cols !== b.rows) throw new RangeError(`cannot multiply ${a.rows}×${a.cols} by ${b.rows}×${b.cols}`);
  const out = zeros(a.rows, b.cols);
  productInto(a.data, b.data, [a.rows, a.cols, b.cols], out.data);
  return out;
}

/** a bᵀ: entry (i, j) is the inner product of row i of a with row j of b. */
export function multiplyTransposed(a: Matrix, b: Matrix): Matrix {
  if (a.cols !== b.cols) throw new RangeError(`cannot multiply ${a.rows}×${a.cols} by (${b.rows}×${b.cols})ᵀ`);
  const out = zeros(a.rows, b.rows);
  if (a === b) gramInto(a.data, [a.rows, a.cols], out.data);
  else rowProductsInto(a.data, b.data, [a.rows, a.cols, b.rows], out.data);
  return out;
}

export function subtract(a: Matrix, b: Matrix): Matrix {
  if (a.rows !== b.rows || a.cols !== b.cols) {
    throw new RangeError(`cannot subtract ${b.rows}×${b.cols} from ${a.rows}×${a.cols}`);
  }
  const out = zeros(a.rows, a.cols);
  for (let k = 0; k < out.data.length; k++) out.data[k] = a.data[k]! - b.data[k]!;
  return out;
}

export function scale(a: Matrix, factor: number): Matrix {
  const out = zeros(a.rows, a.cols);
  for (let k = 0; k < out.data.length; k++) out.data[k] = a.data[k]! * factor;
  return out;
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

export function columnMeans(a: Matrix): Float64Array {
  const out = new Float64Array(a.cols);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < a.cols; j++) out[j]! += a.data[i * a.cols + j]!;
  }
  for (let j = 0; j < a.cols; j++) out[j]! /= a.rows;
  return out;
}

/** Every row minus `offset` [cols]. */
export function subtractFromRows(a: Matrix, offset: ArrayLike<number>): Matrix {
  const out = zeros(a.rows, a.cols);
  for (let i = 0, k = 0; i < a.rows; i++) {
    for (let j = 0; j < a.cols; j++, k++) out.data[k] = a.data[k]! - offset[j]!;
  }
  return out;
}
