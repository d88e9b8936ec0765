import type { ModelCheck } from "../../protocol/report";
import type { HeadWeights } from "./unembedding";

/** linear-properties section 1. */
export const exactTolerance = 1e-3;
export const quantizedTolerance = 2e-2;

export const checkNames = {
  head: "logits = f·g + b, relative error",
  edited: "edited against original logits, largest difference",
  layers: "layers found against config, difference",
} as const;

/** Every vocabulary is as large. */
const fewTokens = 16;

/**
 * Ids spread over the vocabulary, from its middle outwards: the first ids are often special.
 * @param vocabulary Infinity where it is not known
 */
export function probePrompt(vocabulary: number, length = 8): number[] {
  const size = Number.isFinite(vocabulary) ? vocabulary : fewTokens;
  return Array.from({ length }, (_, i) => Math.floor((size * ((i * 5 + 3) % 16)) / 16));
}

/**
 * max |f gᵀ + b − logits| / max |logits| over the rows given, after the soft-cap where there is one;
 * logits that the model masks out (below −1e4) are left out.
 * @param f [rows, hidden]
 * @param logits [rows, columns] with columns ≤ vocabulary (padding rows of g may have been cut off)
 */
export function headError(f: Float32Array, logits: Float32Array, head: HeadWeights): number {
  const { weight, bias, hidden, softCap } = head;
  const rows = f.length / hidden;
  const columns = logits.length / rows;
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < rows; i++) {
    for (let token = 0; token < columns; token++) {
      const actual = logits[i * columns + token] ?? NaN;
      if (actual < -1e4) continue;
      let z = bias?.[token] ?? 0;
      for (let k = 0; k < hidden; k++) z += (f[i * hidden + k] ?? NaN) * (weight[token * hidden + k] ?? NaN);
      const expected = softCap === null ? z : softCap * Math.tanh(z / softCap);
      // NaN anywhere must fail, so the comparison is not `>`.
      if (!(Math.abs(expected - actual) <= difference)) difference = Math.abs(expected - actual);
      if (Math.abs(actual) > largest) largest = Math.abs(actual);
      if (Number.isNaN(difference)) return Infinity;
    }
  }
  return largest > 0 ? difference / largest : Infinity;
}

/** max |a − b|, Infinity where the lengths differ or either is not a number. */
export function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length || a.length === 0) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const left = a[i] ?? NaN;
    const right = b[i] ?? NaN;
    if (left === right) continue;
    const difference = Math.abs(left - right);
    if (Number.isNaN(difference)) return Infinity;
    if (difference > largest) largest = difference;
  }
  return largest;
}

export function check(name: string, value: number, tolerance: number): ModelCheck {
  return { name, value, tolerance, ok: value <= tolerance };
}
