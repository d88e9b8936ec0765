import { dot, multiplyTransposed, row, selectRows, type Matrix } from "../linalg/matrix";
import { chooseLambda, lambdaGrid, leaveOneOutErrors, leaveOneOutErrorsOf, leaveOneOutForms } from "./ridge";
import { packedQuadratic, packPermuted, predictionWeights } from "./ridge";
import { rowSpace, stratumMeans, subtractMeans, type RowSpace } from "./rowSpace";

/** Training rows up to which shuffled targets choose among all λ. */
const wholeGridUpTo = 60;

/** Rows that a fold trains on and predicts. Where there are several templates, each is a stratum. */
export interface FoldRows {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/** What is fitted: rows of inputs and targets, with their subjects and strata. */
export interface RidgeData {
  /** [N, r]. */
  readonly inputs: Matrix;
  /** [N, |Y|], each row centred over Y. */
  readonly targets: Matrix;
  /** Subject of each row. */
  readonly subjects: Int32Array;
  /** Template of each row, each centred by its own training mean. */
  readonly strata: Int32Array;
  /** Whether inputs are standardised by the Ledoit–Wolf covariance of the training rows. */
  readonly standardise: boolean;
}

/**
 * One fold's ridge fits for every λ and every permutation of its training targets. All that depends on the inputs is
 * computed once; a permutation then costs n² per λ.
 */
export interface RidgeFold {
  readonly rows: FoldRows;
  readonly space: RowSpace;
  readonly lambdas: Float64Array;
  /** Training targets minus the mean of their stratum, [n, |Y|]. */
  readonly targets: Matrix;
  /** Held-out targets minus the training mean of their stratum, [m, |Y|]. */
  readonly heldOut: Matrix;
  /** ‖·‖² of the rows of `heldOut`: the errors of the mean baseline, [m]. */
  readonly meanErrors: Float64Array;
  /** The fit, λ by closed-form leave-one-out on the whole grid. */
  fit(): FoldFit;
  /**
   * The fit in which training row i has the target of row order[i]. Beyond 60 training rows λ is chosen among whole
   * decades: the time goes with n³ λ, and a finer grid moves what shuffled targets give by nothing that can be seen.
   */
  fitShuffled(order: ArrayLike<number>): FoldFit;
  /** Weights of the training targets in the deviations from the mean, [m, n]. */
  weights(lambda: number): Matrix;
}

export interface FoldFit {
  /** Index of λ in the grid. */
  readonly lambda: number;
  /** ‖ŷ − y‖² of each held-out row, [m]. */
  readonly errors: Float64Array;
  /** Whose target each training row had, [n]. */
  readonly order: ArrayLike<number>;
}

export function ridgeFold(data: RidgeData, rows: FoldRows): RidgeFold {
  const strata = Int32Array.from(rows.train, (i) => data.strata[i]!);
  const subjects = Int32Array.from(rows.train, (i) => data.subjects[i]!);
  const heldOutStrata = Int32Array.from(rows.test, (i) => data.strata[i]!);
  const space = rowSpace(selectRows(data.inputs, rows.train), { standardise: data.standardise, strata });
  const coordinates = space.project(selectRows(data.inputs, rows.test), heldOutStrata);

  const trainTargets = selectRows(data.targets, rows.train);
  const means = stratumMeans(trainTargets, strata);
  const targets = subtractMeans(trainTargets, means, strata);
  const heldOut = subtractMeans(selectRows(data.targets, rows.test), means, heldOutStrata);
  const gram = multiplyTransposed(targets, targets);
  const cross = multiplyTransposed(heldOut, targets);
  const meanErrors = Float64Array.from(rows.test, (_, i) => dot(row(heldOut, i), row(heldOut, i)));

  const n = rows.train.length;
  const lambdas = lambdaGrid(space);
  const tried = inOrder(lambdas.length).filter((l) => n <= wholeGridUpTo || l % 4 === 0);
  let forms: Matrix | undefined;
  const weightsOf: (Matrix | undefined)[] = [];
  const weights = (lambda: number): Matrix =>
    (weightsOf[lambda] ??= predictionWeights(space, coordinates, lambdas[lambda]!));
  const packed = new Float64Array((n * (n + 1)) / 2);

  return {
    rows,
    space,
    lambdas,
    targets,
    heldOut,
    meanErrors,
    weights,
    fit: () => {
      const order = inOrder(n);
      const lambda = chooseLambda(leaveOneOutErrorsOf(targets, space, lambdas, subjects, strata));
      return { lambda, order, errors: errorsAt(lambda, order, packPermuted(gram, order, packed)) };
    },
    fitShuffled: (order) => {
      forms ??= leaveOneOutForms(
        space,
        Float64Array.from(tried, (l) => lambdas[l]!),
        subjects,
        strata,
      );
      packPermuted(gram, order, packed);
      const lambda = tried[chooseLambda(leaveOneOutErrors(forms, packed))]!;
      return { lambda, order, errors: errorsAt(lambda, order, packed) };
    },
  };

  function errorsAt(lambda: number, order: ArrayLike<number>, permutedGram: Float64Array): Float64Array {
    const w = weights(lambda);
    return meanErrors.map((error, r) => {
      const v = row(w, r);
      let product = 0;
      for (let i = 0; i < n; i++) product += v[i]! * cross.data[r * n + order[i]!]!;
      return error - 2 * product + packedQuadratic(permutedGram, v);
    });
  }
}

/** 0 … n − 1: the targets as they are. */
export function inOrder(n: number): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => i);
}
