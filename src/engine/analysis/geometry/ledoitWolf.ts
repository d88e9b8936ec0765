/** A covariance shrunk towards a multiple of the identity: Σ = (1 − intensity) S + intensity · scale · I. */
export interface ShrunkCovariance {
  /** In [0, 1]. */
  readonly intensity: number;
  /** tr(S) / d. */
  readonly scale: number;
}

/**
 * Shrinkage of Ledoit and Wolf, *A well-conditioned estimator for large-dimensional covariance matrices*
 * (Journal of Multivariate Analysis 88, 2004): with ‖·‖²_F / d written as ‖·‖²,
 *
 *     δ² = ‖S − scale I‖²,  β² = min(δ², 1/n² Σ_i ‖x_i x_iᵀ − S‖²),  intensity = β² / δ²
 *
 * It needs only the spectrum of the centred rows and their norms, so no d×d matrix is formed.
 *
 * @param spectrum the non-zero eigenvalues of Xᵀ X = n S, X the centred rows [n, d]
 * @param squaredNorms ‖x_i‖² of the n centred rows
 */
export function ledoitWolf(
  spectrum: ArrayLike<number>,
  squaredNorms: ArrayLike<number>,
  dimension: number,
): ShrunkCovariance {
  let trace = 0;
  let squares = 0;
  for (let k = 0; k < spectrum.length; k++) {
    trace += spectrum[k]!;
    squares += spectrum[k]! ** 2;
  }
  return shrinkage(trace, squares, squaredNorms, dimension);
}

/** As `ledoitWolf`, from tr(Xᵀ X) and ‖Xᵀ X‖²_F. */
export function shrinkage(
  sum: number,
  squares: number,
  squaredNorms: ArrayLike<number>,
  dimension: number,
): ShrunkCovariance {
  const n = squaredNorms.length;
  const trace = sum / n;
  const squared = squares / n ** 2;
  let fourth = 0;
  for (let i = 0; i < n; i++) fourth += squaredNorms[i]! ** 2;
  const scale = trace / dimension;
  const distance = squared - dimension * scale ** 2;
  const error = (fourth - n * squared) / n ** 2;
  // A covariance that is a multiple of the identity already (one dimension, say) is its own target.
  const intensity = distance <= 1e-14 * squared ? 1 : Math.max(0, Math.min(1, error / distance));
  return { intensity, scale };
}

/** Σ^(-1/2) along an axis whose eigenvalue of Xᵀ X is `eigenvalue`. */
export function standardisingFactor(covariance: ShrunkCovariance, eigenvalue: number, n: number): number {
  const { intensity, scale } = covariance;
  return 1 / Math.sqrt(((1 - intensity) * eigenvalue) / n + intensity * scale);
}
