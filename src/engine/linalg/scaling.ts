import type { Matrix } from "./matrix";

export function isFiniteMatrix(a: Matrix): boolean {
  for (let k = 0; k < a.data.length; k++) if (!Number.isFinite(a.data[k]!)) return false;
  return true;
}

/**
 * Power of two at the size of the largest entry, so that scaling by it loses no digit; 0 for a zero matrix, NaN or
 * infinite for one with an entry that is not finite.
 */
export function powerOfTwoNear(a: Matrix): number {
  let largest = 0;
  for (let k = 0; k < a.data.length; k++) largest = Math.max(largest, Math.abs(a.data[k]!));
  return largest === 0 ? 0 : 2 ** Math.max(-1000, Math.floor(Math.log2(largest)));
}
