import { zeros, type Matrix } from "./matrix";

export interface Covariance {
  /** [cols], over the rows that take part. */
  readonly mean: Float64Array;
  /** [cols, cols], symmetric; sums are divided by the number of rows. */
  readonly covariance: Matrix;
}

/** Rows that are centred and multiplied at a time; a block of 2,048 columns then fits in a second-level cache. */
const blockRows = 64;
/** Columns of a panel; the sums of a panel by another stay in registers. */
const panel = 3;

/**
 * Mean and covariance of the rows named by `indices`. Float64 throughout, and two passes, so that a mean far from
 * zero costs no digits. n cols² / 2 multiplications.
 * @param writeRow copies row i into the target [cols].
 * @throws RangeError without rows.
 */
export function rowCovariance(
  indices: ArrayLike<number>,
  cols: number,
  writeRow: (i: number, target: Float64Array) => void,
): Covariance {
  const n = indices.length;
  if (n === 0) throw new RangeError("no rows to take a covariance of");
  const entries = new Float64Array(cols);
  // Sums of differences from the first row: equal rows then have a variance of exactly zero.
  const first = new Float64Array(cols);
  writeRow(indices[0]!, first);
  const mean = new Float64Array(cols);
  for (let k = 1; k < n; k++) {
    writeRow(indices[k]!, entries);
    for (let j = 0; j < cols; j++) mean[j]! += entries[j]! - first[j]!;
  }
  for (let j = 0; j < cols; j++) mean[j] = first[j]! + mean[j]! / n;

  const sums = zeros(cols, cols);
  // Packed by panel, so that the inner loop reads memory in order; padded with zeros to whole panels and blocks.
  const packed = new Float64Array(Math.ceil(cols / panel) * panel * blockRows);
  for (let start = 0; start < n; start += blockRows) {
    const count = Math.min(blockRows, n - start);
    if (count < blockRows) packed.fill(0);
    for (let b = 0; b < count; b++) {
      writeRow(indices[start + b]!, entries);
      for (let j = 0, at = b * panel; j < cols; at += panel * blockRows) {
        for (let c = 0; c < panel && j < cols; c++, j++) packed[at + c] = entries[j]! - mean[j]!;
      }
    }
    addInnerProducts(packed, sums);
  }
  for (let i = 0; i < cols; i++) {
    for (let j = 0; j <= i; j++) {
      const value = sums.data[i * cols + j]! / n;
      sums.data[i * cols + j] = value;
      sums.data[j * cols + i] = value;
    }
  }
  return { mean, covariance: sums };
}

/** Adds the inner products of the packed columns to the lower triangle (and to some entries above it). */
function addInnerProducts(packed: Float64Array, { cols, data }: Matrix): void {
  const length = blockRows * panel;
  for (let i = 0; i < cols; i += panel) {
    for (let j = 0; j <= i; j += panel) {
      let [s00, s01, s02, s10, s11, s12, s20, s21, s22] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
      const end = (i + panel) * blockRows;
      for (let p = end - length, q = j * blockRows; p < end; p += panel, q += panel) {
        const x0 = packed[p]!;
        const x1 = packed[p + 1]!;
        const x2 = packed[p + 2]!;
        const y0 = packed[q]!;
        const y1 = packed[q + 1]!;
        const y2 = packed[q + 2]!;
        s00 += x0 * y0;
        s01 += x0 * y1;
        s02 += x0 * y2;
        s10 += x1 * y0;
        s11 += x1 * y1;
        s12 += x1 * y2;
        s20 += x2 * y0;
        s21 += x2 * y1;
        s22 += x2 * y2;
      }
      addRow(i, j, s00, s01, s02);
      if (i + 1 < cols) addRow(i + 1, j, s10, s11, s12);
      if (i + 2 < cols) addRow(i + 2, j, s20, s21, s22);
    }
  }

  function addRow(i: number, j: number, a: number, b: number, c: number): void {
    const at = i * cols + j;
    data[at]! += a;
    if (j + 1 < cols) data[at + 1]! += b;
    if (j + 2 < cols) data[at + 2]! += c;
  }
}
