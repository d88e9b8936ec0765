import { symmetricEigen } from "../../linalg/decompositions";
import { multiply, multiplyTransposed, row, transpose, type Matrix } from "../../linalg/matrix";
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
  const predicted = multiplyTransposed(predictions, directions);
  const truth = multiplyTransposed(fold.heldOut, directions);
  const gains = new Float64Array(directions.rows);
  for (let r = 0; r < gains.length; r++) {
    gains[r] = r === 0 ? 0 : gains[r - 1]!;
    for (let i = 0; i < predicted.rows; i++) {
      const along = predicted.data[i * predicted.cols + r]!;
      gains[r]! += 2 * truth.data[i * truth.cols + r]! * along - along ** 2;
    }
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
  const leading = transpose(vectors);
  const rows: Matrix = { rows: rank, cols: leading.cols, data: leading.data.subarray(0, rank * leading.cols) };
  if (!wide) return rows;
  const out = multiply(rows, b);
  for (let r = 0; r < rank; r++) {
    const sigma = Math.sqrt(values[r]!);
    const direction = row(out, r);
    for (let y = 0; y < direction.length; y++) direction[y]! /= sigma;
  }
  return out;
}
