import { identity, type Matrix } from "../../linalg/matrix";

/** Puts the inverse in place of a positive definite block [m, m] whose entries begin at `offset`: Gauss and Jordan. */
export function invertBlock(blocks: Float64Array, offset: number, m: number): void {
  for (let k = 0; k < m; k++) {
    const pivotRow = offset + k * m;
    const inverse = 1 / blocks[pivotRow + k]!;
    blocks[pivotRow + k] = 1;
    for (let j = 0; j < m; j++) blocks[pivotRow + j]! *= inverse;
    for (let i = 0; i < m; i++) {
      if (i === k) continue;
      const row = offset + i * m;
      const factor = blocks[row + k]!;
      blocks[row + k] = 0;
      for (let j = 0; j < m; j++) blocks[row + j]! -= factor * blocks[pivotRow + j]!;
    }
  }
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
