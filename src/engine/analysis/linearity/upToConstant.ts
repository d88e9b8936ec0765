import { choleskyInPlace } from "../../linalg/decompositions";

/** Below it a diagonal entry is rounding, and its inverse would overflow. */
const smallest = 1e-280;

/** Keeps a matrix of unit diagonal positive where rounding would not. */
const jitter = 1e-13;

/**
 * Solves with symmetric matrices [n, n] that are positive but for the constant vector, one after the other in the same
 * memory.
 */
export class UpToConstant {
  private readonly factor: Float64Array;
  private readonly scales: Float64Array;
  private readonly solved: Float64Array;

  constructor(private readonly n: number) {
    this.factor = new Float64Array(n * n);
    this.scales = new Float64Array(n);
    this.solved = new Float64Array(n);
  }

  /** Takes a, of which only the lower triangle is read; false where rounding leaves it not positive. */
  take(a: Float64Array): boolean {
    const { n, factor, scales } = this;
    // Rows may differ by many decades, as probabilities do: they are brought to a unit diagonal first. The null vector of
    // the scaled matrix is 1 / scales; what is added along it does not change the solution, since b has no part there.
    let norm = 0;
    for (let i = 0; i < n; i++) {
      const scale = 1 / Math.sqrt(Math.max(smallest, a[i * n + i]!));
      scales[i] = scale;
      norm += 1 / scale ** 2;
    }
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        const scale = scales[i]! * scales[j]!;
        factor[i * n + j] = a[i * n + j]! * scale + 1 / (scale * norm);
      }
      factor[i * n + i]! += jitter;
    }
    return choleskyInPlace(factor, n);
  }

  /** The x with a x = b and Σ x = 0, for b [n] with Σ b = 0; overwritten by the next call. */
  solve(b: Float64Array): Float64Array {
    const { n, factor, scales, solved } = this;
    for (let i = 0; i < n; i++) {
      let sum = b[i]! * scales[i]!;
      for (let k = 0; k < i; k++) sum -= factor[i * n + k]! * solved[k]!;
      solved[i] = sum / factor[i * n + i]!;
    }
    for (let i = n - 1; i >= 0; i--) {
      const x = (solved[i]! /= factor[i * n + i]!);
      for (let k = 0; k < i; k++) solved[k]! -= factor[i * n + k]! * x;
    }
    let mean = 0;
    for (let i = 0; i < n; i++) mean += (solved[i]! *= scales[i]!) / n;
    for (let i = 0; i < n; i++) solved[i]! -= mean;
    return solved;
  }
}
