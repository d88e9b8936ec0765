import { cholesky } from "../../linalg/decompositions";
import { lowerInverse } from "../../linalg/lowerInverse";
import { columnMeans, dot, multiply, multiplyTransposed, row, scale, selectRows, subtractFromRows, transpose, zeros } from "../../linalg/matrix"; // prettier-ignore
import type { Matrix } from "../../linalg/matrix";
import { shrinkage } from "../geometry/ledoitWolf";
import { rowSpace } from "../geometry/rowSpace";

/** All rows of a task, in their principal axes: the same distances in at most as many coordinates as rows. */
export interface ProbeSpace {
  /** [N, r] */
  readonly rows: Matrix;
  /** Orthonormal rows, [r, d]: weights on the coordinates become weights on the inputs by multiplying with it. */
  readonly axes: Matrix;
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
  const { coordinates, axes } = rowSpace(inputs, { standardise: false });
  return { rows: coordinates, axes, standardise };
}

export interface ProbeInputs {
  /** Training rows, centred, with one common scale that makes the mean squared norm 1, [n, k]. */
  readonly train: Matrix;
  /** Other rows in the same coordinates, [m, k]. */
  readonly test: Matrix;
  /** Weights [classes, k] on these coordinates as weights on those of the space, [classes, r]. */
  readonly inSpace: (weights: Matrix) => Matrix;
}

export function splitInputs(space: ProbeSpace, train: ArrayLike<number>, test: ArrayLike<number>): ProbeInputs {
  const trainRows = selectRows(space.rows, train);
  const means = columnMeans(trainRows);
  const centred = subtractFromRows(trainRows, means);
  const others = subtractFromRows(selectRows(space.rows, test), means);
  if (!(dot(centred.data, centred.data) > roundingFloor * dot(space.rows.data, space.rows.data))) {
    const inSpace = ({ rows }: Matrix) => zeros(rows, space.rows.cols);
    return { train: zeros(train.length, 0), test: zeros(test.length, 0), inSpace };
  }
  // Σ = L Lᵀ: the rows become L⁻¹ x, and weights w on them L⁻ᵀ w on x.
  const inverse = space.standardise ? lowerInverse(cholesky(shrunkCovariance(centred, space.axes.cols))) : null;
  const whiten = (rows: Matrix) => (inverse === null ? rows : multiplyTransposed(rows, inverse));
  const z = whiten(centred);
  const size = Math.sqrt(z.rows / dot(z.data, z.data));
  return {
    train: scale(z, size),
    test: scale(whiten(others), size),
    inSpace: (weights) => {
      const scaled = scale(weights, size);
      return inverse === null ? scaled : multiply(scaled, inverse);
    },
  };
}

/** Ledoit–Wolf covariance of centred rows [n, r] that lie in a space of `dimension`, [r, r]. */
export function shrunkCovariance(centred: Matrix, dimension: number): Matrix {
  const [n, r] = [centred.rows, centred.cols];
  const xT = transpose(centred);
  const covariance = scale(multiplyTransposed(xT, xT), 1 / n);
  const norms = Float64Array.from({ length: n }, (_, i) => dot(row(centred, i), row(centred, i)));
  const sum = norms.reduce((total, x) => total + x, 0);
  const shrunk = shrinkage(sum, n ** 2 * dot(covariance.data, covariance.data), norms, dimension);
  const intensity = Math.max(leastIntensity, shrunk.intensity);
  for (let k = 0; k < covariance.data.length; k++) covariance.data[k]! *= 1 - intensity;
  for (let i = 0; i < r; i++) covariance.data[i * r + i]! += intensity * shrunk.scale;
  return covariance;
}
