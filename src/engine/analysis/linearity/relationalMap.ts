import { symmetricEigenvalues } from "../../linalg/decompositions";
import { multiply, multiplyTransposed, row, transpose, type Matrix } from "../../linalg/matrix";
import { centreRows } from "./predictionScores";
import { LeaveOneOut } from "./leaveOneOut";
import { lambdaGrid } from "./ridge";
import { inOrder } from "./ridgeFold";
import { rowSpace, stratumMeans, subtractMeans, type RowSpace } from "../geometry/rowSpace";

export interface RelationalMap {
  /** The map from coordinates in the inputs' row space, [|Y|, k]. */
  readonly coefficients: Matrix;
  /**
   * G_Y A, [|Y|, r]: from the (standardised) inputs to the logits over Y, rows centred over Y. Its leading right
   * singular vectors span the relational subspace (linear-properties section 7).
   */
  readonly map: Matrix;
  readonly lambda: number;
  /** Whether λ is the smallest or largest of the grid. */
  readonly atEdge: boolean;
  /** Singular values of the map, largest first. */
  readonly singularValues: readonly number[];
}

export interface RelationalMapOptions {
  /** Ledoit–Wolf standardisation of inputs that are not in the coordinates Cᵀf. */
  readonly standardise?: boolean;
  /** For rows of several templates: subject and template of each row, as in `RidgeData`. */
  readonly subjects?: ArrayLike<number>;
  readonly strata?: ArrayLike<number>;
}

/**
 * Least-squares G_Y A on all subjects, λ by closed-form leave-one-out on the logits over Y, for one set of inputs
 * [n, r] and any number of targets: the returned function takes the logits over Y, [n, |Y|] (a constant per row does
 * not matter). The refit under a permutation of the answers is the same function of `selectRows(logits, permutation)`.
 * Given a λ, that one is used, and `atEdge` is false.
 */
export function relationalMapFitter(
  inputs: Matrix,
  { standardise = false, subjects, strata }: RelationalMapOptions = {},
): RelationalMapFit {
  const space = rowSpace(inputs, strata === undefined ? { standardise } : { standardise, strata });
  return relationalMapFitterIn(space, subjects, strata);
}

export type RelationalMapFit = (answerLogits: Matrix, lambda?: number) => RelationalMap;

/** As `relationalMapFitter`, for the inputs of a row space [n, r]. */
export function relationalMapFitterIn(
  space: RowSpace,
  subjects: ArrayLike<number> = inOrder(space.left.rows),
  strata?: ArrayLike<number>,
): RelationalMapFit {
  const lambdas = lambdaGrid(space);
  const leaveOneOut = new LeaveOneOut(space, subjects, strata);
  return (answerLogits, given) => {
    const logits = centreRows(answerLogits);
    const targets = subtractMeans(logits, stratumMeans(logits, strata), strata);
    const chosen = given === undefined ? leaveOneOut.choose(targets, lambdas) : null;
    const lambda = given ?? lambdas[chosen ?? 0]!;
    // G_Y A = Yᵀ Z diag(1/(e + λ)) Vᵀ
    const b = multiply(transpose(targets), space.coordinates);
    for (let y = 0; y < b.rows; y++) {
      const values = row(b, y);
      for (let a = 0; a < values.length; a++) values[a]! /= space.eigenvalues[a]! + lambda;
    }
    return {
      coefficients: b,
      get map() {
        return multiply(b, space.axes);
      },
      lambda,
      atEdge: chosen === 0 || chosen === lambdas.length - 1,
      get singularValues() {
        return singularValues(b);
      },
    };
  };
}

/** G_Y A fitted on all subjects; see `relationalMapFitter`. */
export function fitRelationalMap(inputs: Matrix, answerLogits: Matrix, options?: RelationalMapOptions): RelationalMap {
  return relationalMapFitter(inputs, options)(answerLogits);
}

/** Below 1e-7 of the largest they are rounding errors, and 0. */
function singularValues(b: Matrix): number[] {
  const bT = transpose(b);
  const values = symmetricEigenvalues(b.rows <= b.cols ? multiplyTransposed(b, b) : multiplyTransposed(bT, bT));
  return Array.from(values, (value) => (value > 1e-14 * values[0]! ? Math.sqrt(value) : 0));
}
