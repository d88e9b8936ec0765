import { svd } from "../../linalg/decompositions";
import { leadingEigen } from "../../linalg/leadingEigen";
import { dot, multiply, multiplyTransposed, subtract, transpose, zeros, type Matrix } from "../../linalg/matrix";
import { centreRows } from "../linearity/predictionScores";
import { mean, permutationP, quantile } from "../statistics/intervals";

/** Singular values below this share of the largest are rounding. */
const relativeTolerance = 1e-10;

/**
 * The relational subspace: the span of the leading right singular vectors of G_Y A (linear-properties section 7).
 * Rows are centred over the answers, since only differences between answers follow from the distribution.
 * @param answerMap G_Y A, [answers, r], with A in whitened coordinates fitted on all subjects.
 * @param rank of section 5; the subspace is smaller where G_Y A has a smaller rank.
 * @returns orthonormal columns, [r, k] with k ≤ rank; k = 0 for a map that does not tell answers apart.
 * @throws RangeError unless the rank is a positive integer.
 */
export function relationalSubspace(answerMap: Matrix, rank: number): Matrix {
  return relationalSubspaceOf(transpose(answerMap), rank);
}

/** As `relationalSubspace`, of (G_Y A)ᵀ, [r, answers]. */
export function relationalSubspaceOf(columns: Matrix, rank: number): Matrix {
  if (!(Number.isInteger(rank) && rank > 0)) throw new RangeError(`a subspace of rank ${rank}`);
  const centred = centreRows(columns);
  let size = 0;
  for (let k = 0; k < columns.data.length; k++) size = Math.max(size, Math.abs(columns.data[k]!));
  return leadingFromGram(centred, rank, size) ?? leadingFromSvd(transpose(centred), rank, size);
}

/**
 * Right singular vectors of M as the eigenvectors of MᵀM, or as Mᵀ u / s from the eigenvectors u of M Mᵀ where that is
 * smaller: many times faster than the singular value decomposition. Squaring halves the digits, so only for singular
 * values well above rounding; null otherwise.
 * @param columns Mᵀ
 */
function leadingFromGram(columns: Matrix, rank: number, size: number): Matrix | null {
  const kept = Math.min(rank, columns.rows, columns.cols);
  const wide = columns.cols <= columns.rows;
  const side = wide ? transpose(columns) : columns;
  const { values, vectors } = leadingEigen(multiplyTransposed(side, side), kept);
  const smallest = Math.sqrt(Math.max(0, values[kept - 1] ?? 0));
  if (!(smallest > 1e-4 * Math.max(Math.sqrt(values[0] ?? 0), size))) return null;
  if (!wide) return vectors;
  const left = { ...vectors, data: vectors.data.map((x, k) => x / Math.sqrt(values[k % kept]!)) };
  return multiply(columns, left);
}

function leadingFromSvd(matrix: Matrix, rank: number, size: number): Matrix {
  const { s, v } = svd(matrix);
  // Beside the map before centring: what centring leaves of equal rows is rounding as well.
  const kept = s.subarray(0, rank).filter((x) => x > relativeTolerance * Math.max(s[0]!, size)).length;
  const basis = zeros(v.rows, kept);
  for (let i = 0; i < v.rows; i++) basis.data.set(v.data.subarray(i * v.cols, i * v.cols + kept), i * kept);
  return basis;
}

export interface SubspaceAngles {
  readonly ranks: readonly [number, number];
  /** Of the min(k1, k2) principal angles, largest first. */
  readonly cosines: readonly number[];
  /** ‖U1ᵀ U2‖²_F / min(k1, k2): the mean squared cosine, 1 where one subspace contains the other. */
  readonly overlap: number;
  /** Geodesic distance √Σ θ² on the Grassmann manifold, radians. */
  readonly grassmann: number;
}

/**
 * Principal angles between the column spans of U1 [r, k1] and U2 [r, k2]. Large angles are read from their cosines
 * and small ones from their sines, which keep their digits there (Björck and Golub 1973).
 * @param left orthonormal columns; so is `right`.
 * @throws RangeError when the subspaces lie in different spaces or one is empty.
 */
export function subspaceAngles(left: Matrix, right: Matrix): SubspaceAngles {
  if (left.rows !== right.rows) throw new RangeError(`subspaces of R^${left.rows} and R^${right.rows}`);
  if (left.cols === 0 || right.cols === 0) throw new RangeError("an empty subspace has no angles");
  const inner = multiply(transpose(left), right);
  const cosines = Array.from(svd(inner).s, (x) => Math.min(1, x));
  // Ascending; where the right one is larger, sines of 1 for its remaining directions come last.
  const sines = svd(subtract(right, multiply(left, inner))).s.reverse();
  const angles = cosines.map((cosine, i) => Math.atan2(sines[i]!, cosine));
  return {
    ranks: [left.cols, right.cols],
    cosines,
    overlap: mean(cosines.map((x) => x * x)),
    grassmann: Math.hypot(...angles),
  };
}

/** The overlap alone, without a decomposition. */
function overlapOf(left: Matrix, right: Matrix): number {
  const inner = multiply(transpose(left), right);
  return Math.min(1, dot(inner.data, inner.data) / Math.min(left.cols, right.cols));
}

export interface SubspaceAlignment extends SubspaceAngles {
  /** Mean overlap of the permuted fits; NaN without any, as are the next two. */
  readonly overlapExpected: number;
  /** 95% quantile of the same. */
  readonly overlapUpper: number;
  /** One-sided, of the overlap against the permuted fits. */
  readonly p: number;
  readonly draws: number;
  readonly identifiable: null;
}

/**
 * Angles beside what two fits on the same subjects would give if they had nothing else in common.
 * @param permuted left and right subspaces from fits with the answers permuted in both. Those of other ranks than
 *   left and right are no comparison and are left out; `draws` counts the rest.
 * @throws RangeError when none of some is left, or as `subspaceAngles`.
 */
export function alignSubspaces(
  left: Matrix,
  right: Matrix,
  permuted: readonly (readonly [left: Matrix, right: Matrix])[],
): SubspaceAlignment {
  const overlaps = permuted.flatMap(([a, b]) =>
    a.cols === left.cols && b.cols === right.cols ? [overlapOf(a, b)] : [],
  );
  const angles = subspaceAngles(left, right);
  const tested = permuted.length > 0;
  return {
    ...angles,
    overlapExpected: tested ? mean(overlaps) : NaN,
    overlapUpper: tested ? quantile(overlaps, 0.95) : NaN,
    p: tested ? permutationP(angles.overlap, overlaps) : NaN,
    draws: overlaps.length,
    identifiable: null,
  };
}
