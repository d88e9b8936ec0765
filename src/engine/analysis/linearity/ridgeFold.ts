import { dot, multiply, multiplyTransposed, row, selectRows, subtract, transpose, zeros } from "../../linalg/matrix";
import type { Matrix } from "../../linalg/matrix";
import { LeaveOneOut } from "./leaveOneOut";
import { packedLength, packForm, packPermuted } from "./packedTriangle";
import { chooseLambda, lambdaGrid, predictionWeights } from "./ridge";
import { rowSpace, stratumMeans, subtractMeans, type RowSpace } from "../geometry/rowSpace";

/** Training rows up to which shuffled targets choose among all λ. */
const wholeGridUpTo = 60;

/** Permutations that are scored at a time: their packed Gram matrices stay in the processor's cache. */
const batch = 16;

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
   * For each order, the fit in which training row i has the target of row order[i]. With `decades`, and beyond 60
   * training rows, λ is chosen among whole decades: the time goes with n³ λ, and a finer grid moves what shuffled
   * targets give by nothing that can be seen.
   */
  fitShuffled(orders: readonly ArrayLike<number>[], decades?: boolean): ShuffledFit[];
  /** Weights of the training targets in the deviations from the mean, [m, n]. */
  weights(lambda: number): Matrix;
}

export interface FoldFit {
  /** Index of λ in the grid. */
  readonly lambda: number;
  /** ‖ŷ − y‖² of each held-out row, [m]. */
  readonly errors: Float64Array;
}

export interface ShuffledFit {
  readonly lambda: number;
  /** Σ ‖ŷ − y‖² over the held-out rows. */
  readonly error: number;
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
  const meanErrors = squaredNorms(heldOut);

  const n = rows.train.length;
  const lambdas = lambdaGrid(space);
  const leaveOneOut = new LeaveOneOut(space, subjects, strata);
  const weightsOf: (Matrix | undefined)[] = [];
  const weights = (lambda: number): Matrix =>
    (weightsOf[lambda] ??= predictionWeights(space, coordinates, lambdas[lambda]!));

  return {
    rows,
    space,
    lambdas,
    targets,
    heldOut,
    meanErrors,
    weights,
    fit: () => {
      const lambda = leaveOneOut.choose(targets, lambdas);
      return { lambda, errors: squaredNorms(subtract(multiply(weights(lambda), targets), heldOut)) };
    },
    fitShuffled: (orders, decades = n > wholeGridUpTo) => {
      const tried = inOrder(lambdas.length).filter((l) => !decades || l % 4 === 0);
      const forms = leaveOneOut.forms(Float64Array.from(tried, (l) => lambdas[l]!));
      const gram = multiplyTransposed(targets, targets);
      const cross = multiplyTransposed(heldOut, targets);
      const heldOutForms: (Float64Array | undefined)[] = [];
      const total = meanErrors.reduce((sum, error) => sum + error, 0);
      const packed = zeros(Math.min(batch, orders.length), packedLength(n));
      const fits: ShuffledFit[] = [];
      for (let start = 0; start < orders.length; start += batch) {
        const some = orders.slice(start, start + batch);
        some.forEach((order, draw) => packPermuted(gram, order, row(packed, draw)));
        const errors = multiplyTransposed(packed, forms);
        some.forEach((order, draw) => {
          const lambda = tried[chooseLambda(row(errors, draw))]!;
          const w = weights(lambda);
          let product = 0;
          for (let r = 0; r < w.rows; r++) {
            for (let i = 0; i < n; i++) product += w.data[r * n + i]! * cross.data[r * n + order[i]!]!;
          }
          const form = (heldOutForms[lambda] ??= packedForm(w));
          fits.push({ lambda, order, error: total - 2 * product + dot(form, row(packed, draw)) });
        });
      }
      return fits;
    },
  };
}

/** 0 … n − 1: the targets as they are. */
export function inOrder(n: number): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => i);
}

function squaredNorms(a: Matrix): Float64Array {
  return Float64Array.from({ length: a.rows }, (_, i) => dot(row(a, i), row(a, i)));
}

/** wᵀ w of w [m, n], packed, with entries off the diagonal doubled. */
function packedForm(w: Matrix): Float64Array {
  const n = w.cols;
  const columns = transpose(w);
  const gram = multiplyTransposed(columns, columns);
  return packForm(gram.data, n, new Float64Array(packedLength(n)));
}
