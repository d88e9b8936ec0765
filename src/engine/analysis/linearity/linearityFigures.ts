import type { Random } from "../../linalg/random";
import { bootstrapInterval, mean, wilsonInterval, type Interval } from "../statistics/intervals";
import type { RowScores } from "./predictionScores";

export type LinearityEstimator = "leastSquares" | "kl" | "jacobian" | "mean" | "identity" | "translation" | "shuffled";

/** Figures of one estimator on one set of inputs; see `LinearityFit` of the report. */
export interface LinearityFigures {
  readonly estimator: LinearityEstimator;
  readonly heldOut: string;
  readonly n: number;
  readonly r2Logit: number | null;
  readonly interval: Interval | null;
  readonly p: number | null;
  readonly faithfulness: number | null;
  readonly faithfulnessInterval: Interval | null;
  readonly faithfulnessInAnswers: number | null;
  readonly distinctTopAnswers: number;
  readonly kl: number | null;
  readonly klInAnswers: number | null;
  readonly causality: null;
  readonly rank: number | null;
  readonly singularValues: readonly number[] | null;
  readonly lambda: number | null;
  /** Of the Jacobian estimator. */
  readonly beta?: number;
  readonly identifiable: null;
  /** Per subject; null for a fit that is pooled over templates. */
  readonly agreement: readonly (boolean | null)[] | null;
  /** Per subject, the id of the held-out argmax over the vocabulary; null like `agreement`, and without a vocabulary. */
  readonly predictions: readonly number[] | null;
  /** Per subject, the fold that it was held out in; null like `agreement`. */
  readonly folds: readonly number[] | null;
}

export interface AnalysisWarning {
  readonly code: string;
  readonly message: string;
  readonly where: string;
}

export interface LinearityResult {
  /** Least squares first; none with fewer than 3 subjects. */
  readonly fits: readonly LinearityFigures[];
  readonly warnings: readonly AnalysisWarning[];
}

/** What all estimators of one set of held-out predictions have in common. */
export interface HeldOut {
  readonly scheme: string;
  /** Fold of each subject, [n]. */
  readonly foldOf: Int32Array;
  /** Subjects. */
  readonly n: number;
  readonly distinctTopAnswers: number;
  /** ‖G_Y(f̄ − f)‖² of each subject, f̄ the training mean, [n]. */
  readonly meanErrors: Float64Array;
  /** Whether the logits over Y do not vary, so that there is nothing to predict. */
  readonly constant: boolean;
}

/** The figures that follow from errors and scores; p, rank, singular values and λ are for the caller to add. */
export function scoredFigures(
  estimator: LinearityEstimator,
  heldOut: HeldOut,
  errors: Float64Array,
  scores: RowScores,
  /** Null leaves the interval out. */
  bootstrap: Random | null,
): LinearityFigures {
  const { n, meanErrors, constant } = heldOut;
  const single = scores.klInAnswers.length === n;
  return {
    ...unscored(estimator, heldOut),
    r2Logit: constant ? null : 1 - sum(errors) / sum(meanErrors),
    interval:
      constant || bootstrap === null
        ? null
        : bootstrapInterval(n, (counts) => 1 - weighted(counts, errors) / weighted(counts, meanErrors), {
            random: bootstrap,
          }),
    ...averages(scores, n),
    agreement: single ? scores.agrees : null,
    predictions: single ? scores.tops : null,
    folds: single && scores.agrees !== null ? Array.from(heldOut.foldOf) : null,
  };
}

/** The figures of the `shuffled` baseline: means over draws. */
export function shuffledFigures(
  heldOut: HeldOut,
  r2: readonly number[],
  scores: readonly RowScores[],
): LinearityFigures {
  const all = scores.map((score) => averages(score, heldOut.n));
  return {
    ...unscored("shuffled", heldOut),
    r2Logit: mean(r2),
    faithfulness: meanOrNull(all.map((score) => score.faithfulness)),
    faithfulnessInAnswers: meanOrNull(all.map((score) => score.faithfulnessInAnswers)),
    kl: meanOrNull(all.map((score) => score.kl)),
    klInAnswers: meanOrNull(all.map((score) => score.klInAnswers)),
  };
}

function unscored(estimator: LinearityEstimator, { scheme, n, distinctTopAnswers }: HeldOut): LinearityFigures {
  return {
    estimator,
    heldOut: scheme,
    n,
    r2Logit: null,
    interval: null,
    p: null,
    faithfulness: null,
    faithfulnessInterval: null,
    faithfulnessInAnswers: null,
    distinctTopAnswers,
    kl: null,
    klInAnswers: null,
    causality: null,
    rank: null,
    singularValues: null,
    lambda: null,
    identifiable: null,
    agreement: null,
    predictions: null,
    folds: null,
  };
}

function averages(scores: RowScores, n: number) {
  const faithfulness = scores.agrees === null ? null : share(scores.agrees);
  return {
    faithfulness,
    // n counts subjects: the rows of one subject are not independent.
    faithfulnessInterval: faithfulness === null ? null : wilsonInterval(faithfulness * n, n),
    faithfulnessInAnswers: share(scores.agreesInAnswers),
    kl: scores.kl === null ? null : mean(scores.kl),
    klInAnswers: mean(scores.klInAnswers),
  };
}

function share(values: readonly boolean[]): number {
  return values.filter(Boolean).length / values.length;
}

function meanOrNull(values: readonly (number | null)[]): number | null {
  const known = values.flatMap((x) => x ?? []);
  return known.length === 0 ? null : mean(known);
}

export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}

function weighted(counts: ArrayLike<number>, values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += counts[i]! * values[i]!;
  return total;
}

/** Null where a value is 0, as λ is for constant inputs. */
export function geometricMean(values: readonly number[]): number | null {
  return values.every((x) => x > 0) ? Math.exp(mean(values.map(Math.log))) : null;
}
