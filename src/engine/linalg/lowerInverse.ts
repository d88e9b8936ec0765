import { multiply, zeros, type Matrix } from "./matrix";

/** Up to this size, substitution is faster than halving. */
const smallest = 24;

/**
 * Inverse of a lower triangular l [n, n] by halves, [[A, 0], [B, C]]⁻¹ = [[A⁻¹, 0], [−C⁻¹ B A⁻¹, C⁻¹]]: most of the
 * n³/3 multiplications are dense products. What is above the diagonal is not read.
 * @throws RangeError when l is not square
 */
export function lowerInverse(l: Matrix): Matrix {
  if (l.rows !== l.cols) throw new RangeError(`a ${l.rows}×${l.cols} matrix is not square`);
  const n = l.rows;
  if (n <= smallest) return bySubstitution(l);
  const half = n >> 1;
  const top = lowerInverse(block(l, 0, 0, half, half));
  const bottom = lowerInverse(block(l, half, half, n - half, n - half));
  const corner = multiply(multiply(bottom, block(l, half, 0, n - half, half)), top);
  const out = zeros(n, n);
  for (let i = 0; i < half; i++) out.data.set(top.data.subarray(i * half, (i + 1) * half), i * n);
  const rest = n - half;
  for (let i = 0; i < rest; i++) {
    const start = (half + i) * n;
    for (let j = 0; j < half; j++) out.data[start + j] = -corner.data[i * half + j]!;
    out.data.set(bottom.data.subarray(i * rest, (i + 1) * rest), start + half);
  }
  return out;
}

function block({ cols, data }: Matrix, fromRow: number, fromCol: number, rows: number, width: number): Matrix {
  const out = zeros(rows, width);
  for (let i = 0; i < rows; i++) {
    const start = (fromRow + i) * cols + fromCol;
    out.data.set(data.subarray(start, start + width), i * width);
  }
  return out;
}

function bySubstitution({ rows: n, data }: Matrix): Matrix {
  const out = zeros(n, n);
  for (let i = 0; i < n; i++) {
    const pivot = data[i * n + i]!;
    out.data[i * n + i] = 1 / pivot;
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum += data[i * n + k]! * out.data[k * n + j]!;
      out.data[i * n + j] = -sum / pivot;
    }
  }
  return out;
}
