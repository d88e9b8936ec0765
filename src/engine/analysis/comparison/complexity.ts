import { symmetricEigenvalues } from "../../linalg/decompositions";
import { columnMeans, multiplyTransposed, subtractFromRows, transpose, type Matrix } from "../../linalg/matrix";

const mostShown = 64;

export interface Complexity {
  /** Effective complexity: the rank of u over these contexts, hence at most their number. */
  readonly rank: number;
  /** Dimensions in which contexts differ: a layer norm before the head leaves f on a plane, one fewer than u has. */
  readonly centredRank: number;
  /** (Σ e)² / Σ e², with e the eigenvalues of the covariance of u over contexts. */
  readonly participationRatio: number;
  /** Of u, as shares of the largest; at most 64. */
  readonly singularValues: number[];
  /** Of the rank, as a share of the largest singular value. */
  readonly tolerance: number;
}

/**
 * How many dimensions the log-ratios u(x, y) have [AoN]: the singular values of u over contexts and matched tokens,
 * centred over tokens, are those of the rows Cᵀ f up to √V. Contexts are not centred for the rank, since the theorem
 * speaks of u itself; they are for the participation ratio, where the mean log-ratio would drown the rest.
 *
 * The tolerance stands above float32: rounding of f is some 1e-6 of its size, a twin of condition 100 makes up to ten
 * times that of it, and C itself is cut at 1e-5.
 *
 * @param x rows Cᵀ f, [n, d]
 */
export function complexity(x: Matrix, tolerance = 1e-5): Complexity {
  const shares = sharesOf(squaredSingularValues(x));
  const centred = squaredSingularValues(subtractFromRows(x, columnMeans(x)));
  const rankOf = (of: readonly number[]) => of.filter((share) => share > tolerance).length;
  return {
    rank: rankOf(shares),
    centredRank: rankOf(sharesOf(centred)),
    participationRatio: participationRatio(centred),
    singularValues: shares.slice(0, mostShown),
    tolerance,
  };
}

function sharesOf(squares: Float64Array): number[] {
  const largest = squares[0] ?? 0;
  return largest > 0 ? Array.from(squares, (square) => Math.sqrt(square / largest)) : [];
}

/** Largest first, through the smaller Gram matrix; relative to the largest they are right to some 1e-15. */
function squaredSingularValues(x: Matrix): Float64Array {
  const rows = x.rows <= x.cols ? x : transpose(x);
  return symmetricEigenvalues(multiplyTransposed(rows, rows)).map((e) => Math.max(0, e));
}

function participationRatio(eigenvalues: Float64Array): number {
  let [sum, squares] = [0, 0];
  for (const e of eigenvalues) {
    sum += e;
    squares += e * e;
  }
  return squares > 0 ? sum ** 2 / squares : 0;
}
