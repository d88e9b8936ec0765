import { symmetricEigen } from "../linalg/decompositions";
import { dot, multiply, multiplyTransposed, row, transpose, zeros, type Matrix } from "../linalg/matrix";
import type { RidgeFold } from "./ridgeFold";

/** Share of the held-out R²_logit that a truncated map must keep (linear-properties section 5). */
const keptShare = 0.95;

/** Singular values below this share of the largest carry nothing but rounding. */
const relativeTolerance = 1e-7;

/**
 * By how much the fold's squared error falls below that of the mean baseline when G_Y A is truncated to rank
 * 1, 2, …: entry r − 1 is Σ ‖y‖² − ‖y − ŷ_r‖² over the held-out rows.
 */
export function truncatedGains(fold: RidgeFold, lambda: number): Float64Array {
  const directions = logitDirections(coefficients(fold, lambda));
  const predictions = multiply(fold.weights(lambda), fold.targets);
  const gains = new Float64Array(directions.rows);
  for (let r = 0; r < directions.rows; r++) {
    const q = row(directions, r);
    for (let i = 0; i < predictions.rows; i++) {
      const predicted = dot(row(predictions, i), q);
      gains[r]! += 2 * dot(row(fold.heldOut, i), q) * predicted - predicted ** 2;
    }
    if (r > 0) gains[r]! += gains[r - 1]!;
  }
  return gains;
}

/**
 * Smallest rank whose R²_logit is at least 95% of the full one; null where that is not positive.
 *
 * @param gains of every fold; folds may differ in their number of ranks
 */
export function smallestRank(gains: readonly Float64Array[]): number | null {
  const full = gains.reduce((sum, fold) => sum + (fold[fold.length - 1] ?? 0), 0);
  if (!(full > 0)) return null;
  const most = Math.max(...gains.map((fold) => fold.length));
  for (let rank = 1; rank < most; rank++) {
    const gain = gains.reduce((sum, fold) => sum + (fold[Math.min(rank, fold.length) - 1] ?? 0), 0);
    if (gain >= keptShare * full) return rank;
  }
  return most;
}

/** (G_Y A)ᵀ in the fold's principal axes, [k, |Y|]. */
function coefficients({ space, lambdas, targets }: RidgeFold, lambda: number): Matrix {
  const product = multiply(transpose(space.coordinates), targets);
  for (let a = 0; a < product.rows; a++) {
    const values = row(product, a);
    for (let y = 0; y < values.length; y++) values[y]! /= space.eigenvalues[a]! + lambdas[lambda]!;
  }
  return product;
}

/** Left singular vectors of G_Y A as rows [rank, |Y|], largest singular value first. */
function logitDirections(b: Matrix): Matrix {
  const wide = b.rows <= b.cols;
  const bT = transpose(b);
  const { values, vectors } = symmetricEigen(wide ? multiplyTransposed(b, b) : multiplyTransposed(bT, bT));
  const rank = values.filter((value) => value > relativeTolerance ** 2 * (values[0] ?? 0)).length;
  const out = zeros(rank, b.cols);
  for (let r = 0; r < rank; r++) {
    const direction = Float64Array.from({ length: vectors.rows }, (_, i) => vectors.data[i * vectors.cols + r]!);
    const target = row(out, r);
    if (!wide) target.set(direction);
    else {
      const sigma = Math.sqrt(values[r]!);
      for (let y = 0; y < b.cols; y++) target[y] = dot(row(bT, y), direction) / sigma;
    }
  }
  return out;
}
