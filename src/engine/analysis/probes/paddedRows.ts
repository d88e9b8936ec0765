import type { Matrix } from "../../linalg/matrix";

/** Side of the register blocks of `rowProductsInto`. */
const block = 3;

/**
 * Rows z_i with a last entry of 1 for the intercept, padded with zeros to whole blocks, in both orders of storage: so
 * both W zᵀ and the sums over rows are products of rows with rows. To be built once for many fits.
 */
export interface PaddedRows {
  readonly n: number;
  /** Inputs without the 1. */
  readonly k: number;
  /** n, padded. */
  readonly height: number;
  /** k + 1, padded. */
  readonly width: number;
  /** [height, width] */
  readonly byRow: Float64Array;
  /** [width, height] */
  readonly byColumn: Float64Array;
  /** Mean square of each input, [width]. */
  readonly meanSquares: Float64Array;
}

export function paddedRows({ rows: n, cols: k, data }: Matrix): PaddedRows {
  const height = padded(n);
  const width = padded(k + 1);
  const byRow = new Float64Array(height * width);
  const byColumn = new Float64Array(width * height);
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < k; a++) {
      byRow[i * width + a] = byColumn[a * height + i] = data[i * k + a]!;
    }
    byRow[i * width + k] = byColumn[k * height + i] = 1;
  }
  const shares = new Float64Array(n).fill(1 / n);
  return { n, k, height, width, byRow, byColumn, meanSquares: meanSquares({ n, width, byRow }, shares) };
}

/** Mean square of each input over rows with these shares [n] of all weight, [width]. */
export function meanSquares(
  { n, width, byRow }: Pick<PaddedRows, "n" | "width" | "byRow">,
  shares: Float64Array,
): Float64Array {
  const out = new Float64Array(width);
  for (let i = 0, at = 0; i < n; i++) {
    const share = shares[i]!;
    for (let a = 0; a < width; a++, at++) out[a]! += share * byRow[at]! * byRow[at]!;
  }
  return out;
}

export function padded(count: number): number {
  return Math.ceil(count / block) * block;
}
