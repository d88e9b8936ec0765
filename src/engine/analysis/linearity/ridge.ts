import { multiplyTransposed, zeros, type Matrix } from "../../linalg/matrix";
import type { RowSpace } from "../geometry/rowSpace";

/**
 * The λ that are tried, ascending: s · tr(K)/n, K the Gram matrix of the centred training rows, s = 10^(−4 … 4) in
 * quarter decades. Below that, closed-form leave-one-out loses its digits when n < d (linear-properties section 5).
 */
export function lambdaGrid(space: RowSpace): Float64Array {
  const trace = space.eigenvalues.reduce((sum, e) => sum + e, 0);
  return Float64Array.from({ length: 33 }, (_, k) => (10 ** (k / 4 - 4) * trace) / space.left.rows);
}

/** Index of the smallest error; errors within 1e-6 (relative) of it are ties, and go to the larger λ. */
export function chooseLambda(errors: ArrayLike<number>): number {
  let smallest = Infinity;
  for (let k = 0; k < errors.length; k++) smallest = Math.min(smallest, errors[k]!);
  let chosen = errors.length - 1;
  while (chosen > 0 && !(errors[chosen]! <= smallest * (1 + 1e-6))) chosen--;
  return chosen;
}

/**
 * How targets of the training rows are combined into the deviation of a prediction from the training mean:
 * [m, n], row i = z_i diag(1/(e + λ)) Zᵀ with Z the training coordinates, z_i those of the i-th row predicted.
 * Every row sums to zero (within each stratum).
 */
export function predictionWeights(space: RowSpace, coordinates: Matrix, lambda: number): Matrix {
  const k = space.eigenvalues.length;
  const shrunk = zeros(coordinates.rows, k);
  for (let i = 0; i < coordinates.rows; i++) {
    for (let a = 0; a < k; a++) {
      shrunk.data[i * k + a] = coordinates.data[i * k + a]! / (space.eigenvalues[a]! + lambda);
    }
  }
  return multiplyTransposed(shrunk, space.coordinates);
}
