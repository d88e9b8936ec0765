import { identity, type Matrix } from "../../linalg/matrix";

/**
 * 2 ⟨D O, D U diag(…) P⟩ + ‖D O‖² of one block.
 * @param inverse D of the block, [m, m]
 * @param cross O Pᵀ, [n, k]
 * @param gram O Oᵀ, [n, n]
 * @param z (D U diag(…))ᵀ, [k, n]
 */
export function outsideError(
  rows: readonly number[],
  inverse: Float64Array,
  cross: Matrix,
  gram: Matrix,
  z: Float64Array,
): number {
  const m = rows.length;
  const n = gram.rows;
  let sum = 0;
  for (let p = 0; p < m; p++) {
    for (let q = 0; q < m; q++) {
      const factor = 2 * inverse[p * m + q]!;
      const from = rows[q]! * cross.cols;
      for (let a = 0; a < cross.cols; a++) sum += factor * z[a * n + rows[p]!]! * cross.data[from + a]!;
      let squared = 0;
      for (let r = 0; r < m; r++) squared += inverse[p * m + r]! * inverse[r * m + q]!;
      sum += squared * gram.data[rows[p]! * n + rows[q]!]!;
    }
  }
  return sum;
}

/** Columns `rows` of a [n, n], times a block whose entries begin at `offset`, into the same columns of `out`. */
export function timesBlock(
  a: Float64Array,
  n: number,
  rows: readonly number[],
  blocks: Float64Array,
  offset: number,
  out: Float64Array,
): void {
  const m = rows.length;
  for (let i = 0; i < n; i++) {
    for (let q = 0; q < m; q++) {
      let sum = 0;
      for (let p = 0; p < m; p++) sum += a[i * n + rows[p]!]! * blocks[offset + p * m + q]!;
      out[i * n + rows[q]!] = sum;
    }
  }
}

/** I minus the projector on the indicators of the strata. */
export function centringMatrix(n: number, strata?: ArrayLike<number>): Matrix {
  const sizes = new Map<number, number>();
  for (let i = 0; i < n; i++) sizes.set(strata?.[i] ?? 0, (sizes.get(strata?.[i] ?? 0) ?? 0) + 1);
  const out = identity(n);
  for (let i = 0; i < n; i++) {
    const stratum = strata?.[i] ?? 0;
    const share = 1 / sizes.get(stratum)!;
    for (let j = 0; j < n; j++) if ((strata?.[j] ?? 0) === stratum) out.data[i * n + j]! -= share;
  }
  return out;
}

export function groups(of: ArrayLike<number>): number[][] {
  const members = new Map<number, number[]>();
  for (let i = 0; i < of.length; i++) {
    const group = members.get(of[i]!);
    if (group === undefined) members.set(of[i]!, [i]);
    else group.push(i);
  }
  return [...members.values()];
}
