import { dot, row, zeros, type Matrix } from "../linalg/matrix";
import { centreRows, type LogitRows, type Prediction } from "./predictionScores";
import type { FoldFit, RidgeData, RidgeFold } from "./ridgeFold";

/** A linear estimator's held-out predictions, one per row, and their squared errors summed per subject [n]. */
export interface Candidate<Name extends string> {
  readonly estimator: Name;
  readonly errors: Float64Array;
  readonly predictions: readonly Prediction[];
}

/** Held-out predictions of the mean baseline: the training mean of the row's template. */
export function meanPredictions(folds: readonly RidgeFold[], data: RidgeData): Prediction[] {
  const out: Prediction[] = [];
  for (const fold of folds) {
    for (const i of fold.rows.test) out[i] = { targets: trainingMean(fold, data, i), inputs: null };
  }
  return out;
}

/** Held-out ridge predictions: the same mean plus weighted training targets. `fits` has one fit per fold. */
export function ridgePredictions(folds: readonly RidgeFold[], data: RidgeData, fits: readonly FoldFit[]): Prediction[] {
  const out: Prediction[] = [];
  folds.forEach((fold, k) => {
    const { train, test } = fold.rows;
    const { lambda, order } = fits[k]!;
    const weights = fold.weights(lambda);
    test.forEach((i, r) => {
      const targets = trainingMean(fold, data, i);
      for (let j = 0; j < train.length; j++) targets[train[order[j]!]!]! += weights.data[r * train.length + j]!;
      out[i] = { targets, inputs: null };
    });
  });
  return out;
}

/** Identity, f̂ = f(x), and translation, f̂ = f(x) + a with a the training mean of f(x ⊕ q) − f(x). */
export function inputBaselines(
  folds: readonly RidgeFold[],
  data: RidgeData,
  logits: LogitRows,
): Candidate<"identity" | "translation">[] {
  const identity: Prediction[] = [];
  const translation: Prediction[] = [];
  for (const fold of folds) {
    for (const i of fold.rows.test) {
      const own = new Float64Array(data.inputs.rows);
      own[i] = 1;
      const mean = trainingMean(fold, data, i);
      identity[i] = { targets: new Float64Array(data.inputs.rows), inputs: own };
      translation[i] = { targets: mean, inputs: own.map((x, j) => x - mean[j]!) };
    }
  }
  return [
    { estimator: "identity", errors: answerErrors(identity, data, logits.inputAnswers!), predictions: identity },
    {
      estimator: "translation",
      errors: answerErrors(translation, data, logits.inputAnswers!),
      predictions: translation,
    },
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

/** Weights of the mean over the training rows of row i's template, [N]. */
function trainingMean(fold: RidgeFold, data: RidgeData, i: number): Float64Array {
  const same = fold.rows.train.filter((j) => data.strata[j] === data.strata[i]);
  const weights = new Float64Array(data.inputs.rows);
  for (const j of same) weights[j] = 1 / same.length;
  return weights;
}

function answerErrors(predictions: readonly Prediction[], data: RidgeData, inputAnswers: Matrix): Float64Array {
  const inputs = centreRows(inputAnswers);
  const out = new Float64Array(Math.max(...data.subjects) + 1);
  const error = zeros(1, data.targets.cols);
  predictions.forEach((prediction, i) => {
    error.data.set(row(data.targets, i).map((x) => -x));
    addWeighted(prediction.targets, data.targets, error.data);
    addWeighted(prediction.inputs!, inputs, error.data);
    out[data.subjects[i]!]! += dot(error.data, error.data);
  });
  return out;
}

function addWeighted(weights: Float64Array, rows: Matrix, out: Float64Array): void {
  weights.forEach((w, j) => {
    if (w === 0) return;
    const values = row(rows, j);
    for (let v = 0; v < out.length; v++) out[v]! += w * values[v]!;
  });
}
