import { blockProduct, blockRowProduct, isWorthwhile } from "./simd/blockProducts";

/**
 * Kernels of dense products, row-major float64. Each computes a block of sums at once, so that an entry that was read
 * serves several multiplications and no sum waits for the one before; about twice as fast as a loop over one entry.
 * Sums are declared one by one, since an array of them would be allocated for every block. All but small products are
 * left to the vector kernels, which give the same numbers.
 */

/** out [rows, cols] = a [rows, inner] b [inner, cols]. */
export function productInto(
  a: Float64Array,
  b: Float64Array,
  [rows, inner, cols]: readonly [number, number, number],
  out: Float64Array,
): void {
  if (isWorthwhile([rows, inner, cols])) {
    blockProduct(a, b, [rows, inner, cols], out);
    return;
  }
  const evenCols = cols - (cols % 2);
  let i = 0;
  for (; i + 3 < rows; i += 4) {
    const a0 = i * inner;
    const o0 = i * cols;
    const a1 = a0 + inner;
    const a2 = a0 + 2 * inner;
    const a3 = a0 + 3 * inner;
    for (let j = 0; j < evenCols; j += 2) {
      let s00 = 0;
      let s01 = 0;
      let s10 = 0;
      let s11 = 0;
      let s20 = 0;
      let s21 = 0;
      let s30 = 0;
      let s31 = 0;
      for (let k = 0, q = j; k < inner; k++, q += cols) {
        const y0 = b[q]!;
        const y1 = b[q + 1]!;
        const x0 = a[a0 + k]!;
        const x1 = a[a1 + k]!;
        const x2 = a[a2 + k]!;
        const x3 = a[a3 + k]!;
        s00 += x0 * y0;
        s01 += x0 * y1;
        s10 += x1 * y0;
        s11 += x1 * y1;
        s20 += x2 * y0;
        s21 += x2 * y1;
        s30 += x3 * y0;
        s31 += x3 * y1;
      }
      const at = o0 + j;
      out[at] = s00;
      out[at + 1] = s01;
      out[at + cols] = s10;
      out[at + cols + 1] = s11;
      out[at + 2 * cols] = s20;
      out[at + 2 * cols + 1] = s21;
      out[at + 3 * cols] = s30;
      out[at + 3 * cols + 1] = s31;
    }
    if (evenCols < cols) for (let r = 0; r < 4; r++) single(i + r, cols - 1);
  }
  for (; i < rows; i++) {
    const a0 = i * inner;
    const o0 = i * cols;
    for (let j = 0; j < evenCols; j += 2) {
      let s0 = 0;
      let s1 = 0;
      for (let k = 0, q = j; k < inner; k++, q += cols) {
        const x = a[a0 + k]!;
        s0 += x * b[q]!;
        s1 += x * b[q + 1]!;
      }
      out[o0 + j] = s0;
      out[o0 + j + 1] = s1;
    }
    if (evenCols < cols) single(i, cols - 1);
  }

  function single(r: number, c: number): void {
    let sum = 0;
    for (let k = 0, q = c; k < inner; k++, q += cols) sum += a[r * inner + k]! * b[q]!;
    out[r * cols + c] = sum;
  }
}

/**
 * out [rows, cols] = a [rows, inner] bᵀ, b [cols, inner]: inner products of rows with rows.
 * @param lowerOnly of a square product, only blocks that touch the lower triangle are computed
 */
export function rowProductsInto(
  a: Float64Array,
  b: Float64Array,
  [rows, inner, cols]: readonly [number, number, number],
  out: Float64Array,
  lowerOnly = false,
): void {
  if (isWorthwhile([rows, inner, cols])) {
    blockRowProduct(a, b, [rows, inner, cols], out, lowerOnly);
    return;
  }
  let i = 0;
  for (; i + 2 < rows; i += 3) {
    const a0 = i * inner;
    const a1 = a0 + inner;
    const a2 = a0 + 2 * inner;
    const end = lowerOnly ? Math.min(cols, i + 3) : cols;
    let j = 0;
    for (; j + 2 < end; j += 3) {
      const b0 = j * inner;
      const b1 = b0 + inner;
      const b2 = b0 + 2 * inner;
      let s00 = 0;
      let s01 = 0;
      let s02 = 0;
      let s10 = 0;
      let s11 = 0;
      let s12 = 0;
      let s20 = 0;
      let s21 = 0;
      let s22 = 0;
      for (let k = 0; k < inner; k++) {
        const x0 = a[a0 + k]!;
        const x1 = a[a1 + k]!;
        const x2 = a[a2 + k]!;
        const y0 = b[b0 + k]!;
        const y1 = b[b1 + k]!;
        const y2 = b[b2 + k]!;
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
      const at = i * cols + j;
      out[at] = s00;
      out[at + 1] = s01;
      out[at + 2] = s02;
      out[at + cols] = s10;
      out[at + cols + 1] = s11;
      out[at + cols + 2] = s12;
      out[at + 2 * cols] = s20;
      out[at + 2 * cols + 1] = s21;
      out[at + 2 * cols + 2] = s22;
    }
    for (; j < end; j++) {
      const b0 = j * inner;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      for (let k = 0; k < inner; k++) {
        const y = b[b0 + k]!;
        s0 += a[a0 + k]! * y;
        s1 += a[a1 + k]! * y;
        s2 += a[a2 + k]! * y;
      }
      const at = i * cols + j;
      out[at] = s0;
      out[at + cols] = s1;
      out[at + 2 * cols] = s2;
    }
  }
  for (; i < rows; i++) {
    const a0 = i * inner;
    const end = lowerOnly ? Math.min(cols, i + 1) : cols;
    for (let j = 0; j < end; j++) {
      const b0 = j * inner;
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += a[a0 + k]! * b[b0 + k]!;
      out[i * cols + j] = sum;
    }
  }
}

/** out [n, n] = a aᵀ for a [n, inner], symmetric to the last digit. */
export function gramInto(a: Float64Array, [n, inner]: readonly [number, number], out: Float64Array): void {
  rowProductsInto(a, a, [n, inner, n], out, true);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) out[j * n + i] = out[i * n + j]!;
}
