import { ledoitWolf, standardisingFactor } from "./ledoitWolf";
import { symmetricEigen } from "../../linalg/decompositions";
import { dot, multiply, multiplyTransposed, row, transpose, zeros, type Matrix } from "../../linalg/matrix";

/**
 * Training rows in the principal axes of their own span. With X [n, d] the rows minus their mean,
 * X = U diag(√e) Vᵀ; n is usually far smaller than d, and a fit on the k ≤ n − 1 coordinates U diag(√e) is
 * the fit on X, at a cost that grows with n. The coordinates of a twin differ in sign at most.
 */
export interface RowSpace {
  /** U, [n, k], orthonormal columns that sum to zero (within each stratum). */
  readonly left: Matrix;
  /** e, [k], largest first: eigenvalues of the Gram matrix of the centred, and perhaps standardised, rows. */
  readonly eigenvalues: Float64Array;
  /** Vᵀ, [k, d]: maps on coordinates become maps on (standardised) inputs by multiplying with it. */
  readonly axes: Matrix;
  /** What the axes of the centred rows are multiplied by to standardise them, [k]; 1 without standardising. */
  readonly factors: Float64Array;
  /** The same for directions off the axes, in which the rows do not differ; infinite without shrinkage. */
  readonly factorOff: number;
  /** U diag(√e), [n, k]. */
  readonly coordinates: Matrix;
  /** Coordinates of other rows [m, d], centred by the training means: [m, k]. */
  project(rows: Matrix, strata?: ArrayLike<number>): Matrix;
  /** Differences of rows [m, d] from differences of coordinates [m, k]: back from (standardised) coordinates. */
  lift(differences: Matrix): Matrix;
}

export interface RowSpaceOptions {
  /**
   * Divide by the square root of the training rows' Ledoit–Wolf covariance, for inputs without a metric of
   * their own (linear-properties section 2). It is diagonal in the principal axes.
   */
  readonly standardise: boolean;
  /** Stratum (template) of each row, 0, 1, …; each stratum is centred by its own mean. One stratum if absent. */
  readonly strata?: ArrayLike<number>;
}

/** Directions whose squared singular value is this far below the largest carry rounding errors only. */
const relativeTolerance = 1e-10;

export function rowSpace(rows: Matrix, options: RowSpaceOptions): RowSpace {
  const means = stratumMeans(rows, options.strata);
  const centred = subtractMeans(rows, means, options.strata);
  // What is left of equal rows after centring is rounding, not a direction.
  const { values, left, axes } = thinDecomposition(centred, 1e-28 * dot(rows.data, rows.data));
  const k = values.length;
  const factors = new Float64Array(k).fill(1);
  let factorOff = 1;
  if (options.standardise && k > 0) {
    const norms = Float64Array.from({ length: rows.rows }, (_, i) => dot(row(centred, i), row(centred, i)));
    const covariance = ledoitWolf(values, norms, rows.cols);
    for (let j = 0; j < k; j++) factors[j] = standardisingFactor(covariance, values[j]!, rows.rows);
    factorOff = standardisingFactor(covariance, 0, rows.rows);
  }
  const eigenvalues = values.map((e, j) => e * factors[j]! ** 2);
  const coordinates = scaleColumns(left, eigenvalues.map(Math.sqrt));
  return {
    left,
    eigenvalues,
    axes,
    factors,
    factorOff,
    coordinates,
    project: (others, strata) => scaleColumns(multiplyTransposed(subtractMeans(others, means, strata), axes), factors),
    lift: (differences) =>
      multiply(
        scaleColumns(
          differences,
          factors.map((factor) => 1 / factor),
        ),
        axes,
      ),
  };
}

/** Through the smaller of the two Gram matrices. */
function thinDecomposition(x: Matrix, roundingFloor: number): { values: Float64Array; left: Matrix; axes: Matrix } {
  const dual = x.rows <= x.cols;
  const span = dual ? x : transpose(x);
  const { values, vectors } = symmetricEigen(multiplyTransposed(span, span));
  const smallest = Math.max(relativeTolerance * (values[0] ?? 0), roundingFloor);
  const k = values.filter((e) => e > smallest).length;
  const kept = values.slice(0, k);
  const basis = firstColumns(vectors, k);
  const inverseRoots = kept.map((e) => 1 / Math.sqrt(e));
  if (!dual) return { values: kept, left: scaleColumns(multiply(x, basis), inverseRoots), axes: transpose(basis) };
  const axes = multiply(transpose(basis), x);
  for (let j = 0, at = 0; j < k; j++) for (let i = 0; i < axes.cols; i++, at++) axes.data[at]! *= inverseRoots[j]!;
  return { values: kept, left: basis, axes };
}

/** [strata, cols]. */
export function stratumMeans(rows: Matrix, strata?: ArrayLike<number>): Matrix {
  let count = 1;
  for (let i = 0; i < (strata?.length ?? 0); i++) count = Math.max(count, strata![i]! + 1);
  const means = zeros(count, rows.cols);
  const sizes = new Int32Array(count);
  for (let i = 0; i < rows.rows; i++) {
    const s = strata?.[i] ?? 0;
    sizes[s]!++;
    const [to, from] = [s * rows.cols, i * rows.cols];
    for (let j = 0; j < rows.cols; j++) means.data[to + j]! += rows.data[from + j]!;
  }
  for (let s = 0; s < count; s++) for (let j = 0; j < rows.cols; j++) means.data[s * rows.cols + j]! /= sizes[s]!;
  return means;
}

export function subtractMeans(rows: Matrix, means: Matrix, strata?: ArrayLike<number>): Matrix {
  const out = zeros(rows.rows, rows.cols);
  for (let i = 0; i < rows.rows; i++) {
    const offset = (strata?.[i] ?? 0) * rows.cols;
    for (let j = 0; j < rows.cols; j++) {
      out.data[i * rows.cols + j] = rows.data[i * rows.cols + j]! - means.data[offset + j]!;
    }
  }
  return out;
}

function firstColumns(a: Matrix, k: number): Matrix {
  const out = zeros(a.rows, k);
  for (let i = 0; i < a.rows; i++) out.data.set(a.data.subarray(i * a.cols, i * a.cols + k), i * k);
  return out;
}

export function scaleColumns(a: Matrix, factors: ArrayLike<number>): Matrix {
  const out = zeros(a.rows, a.cols);
  for (let i = 0, k = 0; i < a.rows; i++) {
    for (let j = 0; j < a.cols; j++, k++) out.data[k] = a.data[k]! * factors[j]!;
  }
  return out;
}
