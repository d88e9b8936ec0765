import { cholesky } from "../../linalg/decompositions";
import { zeros, type Matrix } from "../../linalg/matrix";

/** Below it a diagonal entry is rounding, and its inverse would overflow. */
const smallest = 1e-280;

/** Keeps a matrix of unit diagonal positive where rounding would not. */
const jitter = 1e-13;

/** The x with a x = b and Σ x = 0, for b with Σ b = 0. */
export type UpToConstant = (b: Float64Array) => Float64Array;

/**
 * Solves with a symmetric a [n, n] that is positive but for the constant vector. Only the lower triangle is read. Null
 * where rounding leaves a not positive.
 */
export function upToConstant(a: Matrix): UpToConstant | null {
  const n = a.rows;
  // Rows may differ by many decades, as probabilities do: they are brought to a unit diagonal first. The null vector of
  // the scaled matrix is 1 / scales; what is added along it does not change the solution, since b has no part there.
  const scales = Float64Array.from({ length: n }, (_, i) => 1 / Math.sqrt(Math.max(smallest, a.data[i * n + i]!)));
  let norm = 0;
  for (let i = 0; i < n; i++) norm += 1 / scales[i]! ** 2;
  const scaled = zeros(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      scaled.data[i * n + j] = a.data[i * n + j]! * scales[i]! * scales[j]! + 1 / (scales[i]! * scales[j]! * norm);
    }
    scaled.data[i * n + i]! += jitter;
  }
  const factor = positiveFactor(scaled);
  if (factor === null) return null;
  return (b) => {
    const solved = new Float64Array(n);
    for (let i = 0; i < n; i++) solved[i] = b[i]! * scales[i]!;
    substitute(factor, solved);
    let mean = 0;
    for (let i = 0; i < n; i++) mean += (solved[i]! *= scales[i]!) / n;
    for (let i = 0; i < n; i++) solved[i]! -= mean;
    return solved;
  };
}

/** x with l lᵀ x = b in place of b [n]. */
function substitute({ rows: n, data: l }: Matrix, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= l[i * n + k]! * b[k]!;
    b[i] = sum / l[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    const x = (b[i]! /= l[i * n + i]!);
    for (let k = 0; k < i; k++) b[k]! -= l[i * n + k]! * x;
  }
}

function positiveFactor(a: Matrix): Matrix | null {
  try {
    return cholesky(a);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
