import { dot, row, scale, subtract, zeros, type Matrix } from "../../linalg/matrix";
import { predictedAnswers, type LogitSource, type Predictions } from "./predictionScores";
import type { FoldRows, RidgeData, RidgeFold } from "./ridgeFold";

/** A linear estimator's held-out predictions, and their squared errors summed per subject [n]. */
export interface Candidate<Name extends string> {
  readonly estimator: Name;
  readonly errors: Float64Array;
  readonly predictions: Predictions;
}

/** Place of the model's own logits, and of those read from the inputs, among the sources of predictions. */
export const ownSource = 0;
export const inputSource = 1;

/** Weights of the training mean of each fold and template, and which of them each row has. */
export interface TrainingMeans {
  /** [folds · templates, N]. */
  readonly weights: Matrix;
  /** [N] */
  readonly of: Int32Array;
}

export function trainingMeans(folds: readonly FoldRows[], data: RidgeData): TrainingMeans {
  const rows = data.inputs.rows;
  const strata = 1 + data.strata.reduce((most, stratum) => Math.max(most, stratum), 0);
  const weights = zeros(folds.length * strata, rows);
  const of = new Int32Array(rows);
  folds.forEach((fold, k) => {
    const sizes = new Int32Array(strata);
    for (const j of fold.train) sizes[data.strata[j]!]!++;
    for (const j of fold.train) {
      const stratum = data.strata[j]!;
      weights.data[(k * strata + stratum) * rows + j] = 1 / sizes[stratum]!;
    }
    for (const i of fold.test) of[i] = k * strata + data.strata[i]!;
  });
  return { weights, of };
}

/** Held-out predictions of the mean baseline: the training mean of the row's template. */
export function meanPredictions({ weights, of }: TrainingMeans): Predictions {
  return { count: weights.rows, of, terms: [{ source: ownSource, weights }] };
}

/** A λ for each fold and, for shuffled targets, whose target each training row had. */
export interface ChosenFit {
  readonly lambda: number;
  readonly order?: ArrayLike<number>;
}

/** Held-out ridge predictions: the training mean plus weighted training targets. `fits` has one fit per fold. */
export function ridgePredictions(
  folds: readonly RidgeFold[],
  means: TrainingMeans,
  fits: readonly ChosenFit[],
): Predictions {
  const rows = means.of.length;
  const weights = zeros(rows, rows);
  folds.forEach((fold, k) => {
    const { train, test } = fold.rows;
    const { lambda, order } = fits[k]!;
    const deviations = fold.weights(lambda);
    test.forEach((i, r) => {
      const target = row(weights, i);
      target.set(row(means.weights, means.of[i]!));
      for (let j = 0; j < train.length; j++) {
        target[train[order?.[j] ?? j]!]! += deviations.data[r * train.length + j]!;
      }
    });
  });
  return { count: rows, terms: [{ source: ownSource, weights }] };
}

/** Identity, f̂ = f(x), and translation, f̂ = f(x) + a with a the training mean of f(x ⊕ q) − f(x). */
export function inputBaselines(
  { weights, of }: TrainingMeans,
  data: RidgeData,
  sources: readonly LogitSource[],
): Candidate<"identity" | "translation">[] {
  const count = of.length;
  const own = { source: inputSource, weights: null };
  const candidate = <Name extends string>(estimator: Name, predictions: Predictions): Candidate<Name> => ({
    estimator,
    errors: answerErrors(predictions, data, sources),
    predictions,
  });
  return [
    candidate("identity", { count, terms: [own] }),
    candidate("translation", {
      count,
      terms: [own, { source: ownSource, weights, of }, { source: inputSource, weights: scale(weights, -1), of }],
    }),
  ];
}

/** Sums of per-row errors over the rows of each subject, [n]. */
export function bySubject(
  folds: readonly RidgeFold[],
  data: RidgeData,
  errorsOf: (fold: RidgeFold, k: number) => Float64Array,
): Float64Array {
  const out = new Float64Array(Math.max(...data.subjects) + 1);
  folds.forEach((fold, k) => {
    const errors = errorsOf(fold, k);
    fold.rows.test.forEach((i, r) => (out[data.subjects[i]!]! += errors[r]!));
  });
  return out;
}

/** ‖G_Y(f̂ − f)‖² summed over the rows of each subject, [n]. */
export function answerErrors(predictions: Predictions, data: RidgeData, sources: readonly LogitSource[]): Float64Array {
  const difference = subtract(predictedAnswers(sources, predictions), data.targets);
  const out = new Float64Array(Math.max(...data.subjects) + 1);
  for (let i = 0; i < difference.rows; i++) {
    out[data.subjects[i]!]! += dot(row(difference, i), row(difference, i));
  }
  return out;
}
