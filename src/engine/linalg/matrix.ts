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
  const { rows, cols: inner, data: left } = a;
  const { cols, data: right } = b;
  const out = zeros(rows, cols);
  for (let i = 0; i < rows; i++) {
    const target = out.data.subarray(i * cols, (i + 1) * cols);
    let k = 0;
    // Four rows of b at a time: a quarter of the reading and writing of the target.
    for (; k + 3 < inner; k += 4) {
      const at = i * inner + k;
      const [x0, x1, x2, x3] = [left[at]!, left[at + 1]!, left[at + 2]!, left[at + 3]!];
      const p = k * cols;
      const q = p + 2 * cols;
      for (let j = 0; j < cols; j++) {
        target[j]! += x0 * right[p + j]! + x1 * right[p + cols + j]! + (x2 * right[q + j]! + x3 * right[q + cols + j]!);
      }
    }
    for (; k < inner; k++) {
      const x = left[i * inner + k]!;
      for (let j = 0; j < cols; j++) target[j]! += x * right[k * cols + j]!;
    }
  }
  return out;
}

/** a bᵀ: entry (i, j) is the inner product of row i of a with row j of b. */
export function multiplyTransposed(a: Matrix, b: Matrix): Matrix {
  if (a.cols !== b.cols) throw new RangeError(`cannot multiply ${a.rows}×${a.cols} by (${b.rows}×${b.cols})ᵀ`);
  const { rows, cols, data: left } = a;
  const { rows: width, data: right } = b;
  const out = zeros(rows, width);
  for (let i = 0; i < rows; i++) {
    const start = i * cols;
    let j = 0;
    // Four rows of b at a time: each entry of a is read once for four sums that do not wait for each other.
    for (; j + 3 < width; j += 4) {
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      let p = j * cols;
      for (let k = start; k < start + cols; k++, p++) {
        const x = left[k]!;
        s0 += x * right[p]!;
        s1 += x * right[p + cols]!;
        s2 += x * right[p + 2 * cols]!;
        s3 += x * right[p + 3 * cols]!;
      }
      const at = i * width + j;
      out.data[at] = s0;
      out.data[at + 1] = s1;
      out.data[at + 2] = s2;
      out.data[at + 3] = s3;
    }
    for (; j < width; j++) out.data[i * width + j] = dot(row(a, i), row(b, j));
  }
  return out;
}

export function subtract(a: Matrix, b: Matrix): Matrix {
  if (a.rows !== b.rows || a.cols !== b.cols) {
    throw new RangeError(`cannot subtract ${b.rows}×${b.cols} from ${a.rows}×${a.cols}`);
  }
  return { rows: a.rows, cols: a.cols, data: a.data.map((x, i) => x - b.data[i]!) };
}

export function scale(a: Matrix, factor: number): Matrix {
  return { rows: a.rows, cols: a.cols, data: a.data.map((x) => x * factor) };
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
  return out.map((x) => x / a.rows);
}

/** Every row minus `offset` [cols]. */
export function subtractFromRows(a: Matrix, offset: ArrayLike<number>): Matrix {
  return { rows: a.rows, cols: a.cols, data: a.data.map((x, k) => x - offset[k % a.cols]!) };
}
