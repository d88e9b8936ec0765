import { cholesky, solveLower } from "../linalg/decompositions";
import { columnMeans, dot, multiplyTransposed, row, scale, selectRows, subtractFromRows, transpose, zeros } from "../linalg/matrix"; // prettier-ignore
import type { Matrix } from "../linalg/matrix";
import { shrinkage } from "./ledoitWolf";
import { rowSpace } from "./rowSpace";

/** All rows of a task, in their principal axes: the same distances in at most as many coordinates as rows. */
export interface ProbeSpace {
  /** [N, r] */
  readonly rows: Matrix;
  /** Of the inputs themselves. */
  readonly dimension: number;
  readonly standardise: boolean;
}

/** Training rows with a smaller share of all squares are equal up to rounding. */
const roundingFloor = 1e-20;
/** Keeps a covariance that needs no shrinkage invertible. */
const leastIntensity = 1e-9;

/**
 * @param standardise by the Ledoit–Wolf covariance of the training rows of each split (linear-properties section 2)
 */
export function probeSpace(inputs: Matrix, standardise: boolean): ProbeSpace {
  // The axes of all rows are nearly those of every training set, which is what makes the fits quick; which axes they
  // are has no influence on any figure.
  return { rows: rowSpace(inputs, { standardise: false }).coordinates, dimension: inputs.cols, standardise };
}

export interface ProbeInputs {
  /** Training rows, centred, with one common scale that makes the mean squared norm 1, [n, k]. */
  readonly train: Matrix;
  /** Other rows in the same coordinates, [m, k]. */
  readonly test: Matrix;
}

export function splitInputs(space: ProbeSpace, train: ArrayLike<number>, test: ArrayLike<number>): ProbeInputs {
  const trainRows = selectRows(space.rows, train);
  const means = columnMeans(trainRows);
  const centred = subtractFromRows(trainRows, means);
  const others = subtractFromRows(selectRows(space.rows, test), means);
  if (!(dot(centred.data, centred.data) > roundingFloor * dot(space.rows.data, space.rows.data))) {
    return { train: zeros(train.length, 0), test: zeros(test.length, 0) };
  }
  const whiten = space.standardise ? whitening(centred, space.dimension) : (rows: Matrix) => rows;
  const z = whiten(centred);
  const factor = Math.sqrt(z.rows / dot(z.data, z.data));
  return { train: scale(z, factor), test: scale(whiten(others), factor) };
}

/** Rows L⁻¹ x with L Lᵀ the Ledoit–Wolf covariance of centred rows [n, r] of a space of `dimension`. */
function whitening(centred: Matrix, dimension: number): (rows: Matrix) => Matrix {
  const [n, r] = [centred.rows, centred.cols];
  const xT = transpose(centred);
  const covariance = scale(multiplyTransposed(xT, xT), 1 / n);
  const norms = Float64Array.from({ length: n }, (_, i) => dot(row(centred, i), row(centred, i)));
  const sum = norms.reduce((total, x) => total + x, 0);
  const shrunk = shrinkage(sum, n ** 2 * dot(covariance.data, covariance.data), norms, dimension);
  const intensity = Math.max(leastIntensity, shrunk.intensity);
  for (let k = 0; k < covariance.data.length; k++) covariance.data[k]! *= 1 - intensity;
  for (let i = 0; i < r; i++) covariance.data[i * r + i]! += intensity * shrunk.scale;
  const factor = cholesky(covariance);
  return (rows) => transpose(solveLower(factor, transpose(rows)));
}
