import { random, type Random } from "../linalg/random";
import type { Matrix } from "../linalg/matrix";
import { describeFolds, splitByFold, subjectFolds } from "./folds";
import { bootstrapInterval, mean, permutationP, wilsonInterval, type Interval } from "./intervals";
import { centreRows, countTopAnswers, scorePredictions } from "./predictionScores";
import type { LogitRows, RowScores, VocabularyLogits } from "./predictionScores";
import { bySubject, inputBaselines, meanPredictions, ridgePredictions, type Candidate } from "./linearPredictions";
import { fitRelationalMap } from "./relationalMap";
import { ridgeFold, type RidgeData, type RidgeFold } from "./ridgeFold";
import { shuffledFits } from "./shuffledTraining";
import { smallestRank, truncatedGains } from "./truncatedRank";

/** One template's rows: the n usable subjects, the same ones in the same order in every template. */
export interface LinearityTemplate {
  /** [n, r]: Cᵀ f after the subject, or h_l at the subject's last token. */
  readonly inputs: Matrix;
  /** The model's logits over Y after the prompt, [n, |Y|], columns in the same order in every template. */
  readonly answerLogits: Matrix;
  /** Logits over Y read from the inputs, [n, |Y|], for identity and translation; null where the inputs are not f. */
  readonly inputAnswerLogits: Matrix | null;
  /** Null leaves faithfulness and kl out. */
  readonly vocabulary: VocabularyLogits | null;
  /** The model's own top token after each prompt, [n]; read from the vocabulary where absent. */
  readonly topTokens?: readonly number[];
}

export interface LinearityOptions {
  readonly seed: number;
  /** Separates the random draws of different fits, and is the `where` of warnings; such as `linearity[0]`. */
  readonly where: string;
  /** Whether the inputs have no metric of their own: Ledoit–Wolf covariance of the training rows. */
  readonly standardise: boolean;
  /** Within-fold shuffles behind p; 0 leaves p and the `shuffled` baseline out. */
  readonly shuffles?: number;
  /** Of these, how many the `shuffled` baseline's faithfulness and kl are the mean of. */
  readonly scoredShuffles?: number;
}

export type LinearityEstimator = "leastSquares" | "mean" | "identity" | "translation" | "shuffled";

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
  readonly identifiable: null;
  /** Per subject; null for a fit that is pooled over templates. */
  readonly agreement: readonly (boolean | null)[] | null;
  /** Per subject, the id of the held-out argmax over the vocabulary; null like `agreement`, and without a vocabulary. */
  readonly predictions: readonly number[] | null;
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

const fewestSubjects = 3;

/**
 * Relational linearity by least squares (linear-properties section 5; [AoN] section 4, [Rel]): is
 * P_Γ f(x ⊕ q) = A f(x) + a, Γ = span{g(y) − g(y')}? Ridge from the inputs to f, scored on subjects that were not
 * fitted, with the mean, identity, translation and shuffled baselines.
 *
 * Ridge is linear in its targets, so a prediction's logits are a weighted sum of the training prompts' logits, and f
 * itself is never needed. With several templates the fit is pooled: each is centred by its own training mean, and a
 * subject is held out of all of them.
 *
 * R²_logit = 1 − Σ‖G_Y(f̂ − f)‖² / Σ‖G_Y(f − f̄)‖² over held-out rows, f̄ the training mean of the fold (and template),
 * so the mean baseline is exactly 0. All figures follow from log-probabilities and inputs up to rotation.
 */
export function linearity(templates: readonly LinearityTemplate[], options: LinearityOptions): LinearityResult {
  const { seed, where, shuffles = 200, scoredShuffles = 20 } = options;
  const n = templates[0]?.inputs.rows ?? 0;
  const warnings: AnalysisWarning[] = [];
  const warn = (code: string, message: string) => warnings.push({ code, message, where });
  if (n < fewestSubjects) {
    warn(
      "linearity-too-few-subjects",
      `No linear map is fitted: ${n} usable subjects, at least ${fewestSubjects} needed.`,
    );
    return { fits: [], warnings };
  }
  const data = stackTemplates(templates, options.standardise);
  const logits = logitRows(templates, data.targets);
  const folds = subjectFolds(n, random(seed, `${where} folds`));
  const heldOut = describeFolds(folds, "subject");
  const fitted = Array.from({ length: folds.count }, (_, k) => ridgeFold(data, splitByFold(data.subjects, folds, k)));
  const rows = data.inputs.rows;
  const topTokens = templates.map((template) => template.topTokens);
  const distinctTopAnswers = topTokens.every((x) => x !== undefined)
    ? new Set(topTokens.flat()).size
    : countTopAnswers(logits);

  const meanErrors = bySubject(fitted, data, (fold) => fold.meanErrors);
  const denominator = sum(meanErrors);
  const constant = !(denominator > 1e-20 * sum(data.targets.data.map((x) => x * x)));
  if (constant)
    warn("constant-answers", "The model's logits over the answers do not vary, so there is nothing to predict.");
  else if (distinctTopAnswers === 1) {
    warn(
      "one-distinct-top-answer",
      "The model puts the same token first in every prompt: faithfulness carries no information.",
    );
  }
  const r2 = (errors: Float64Array) => (constant ? null : 1 - sum(errors) / denominator);

  const own = fitted.map((fold) => fold.fit());
  const chosen = own.map((fit) => fit.lambda);
  warnAboutEdges(fitted, chosen, warn);
  const errors = bySubject(fitted, data, (_, k) => own[k]!.errors);

  const shuffled = shuffledFits(
    fitted,
    data,
    permutations(n, constant ? 0 : shuffles, random(seed, `${where} shuffles`)),
  );
  const shuffledR2 = shuffled.map((fits) => 1 - sum(bySubject(fitted, data, (_, k) => fits[k]!.errors)) / denominator);
  const shuffledPredictions = shuffled.slice(0, scoredShuffles).map((fits) => ridgePredictions(fitted, data, fits));

  const candidates: Candidate<LinearityEstimator>[] = [
    { estimator: "leastSquares", errors, predictions: ridgePredictions(fitted, data, own) },
    { estimator: "mean", errors: meanErrors, predictions: meanPredictions(fitted, data) },
    ...(logits.inputAnswers === null ? [] : inputBaselines(fitted, data, logits)),
  ];
  const scores = scorePredictions(logits, [...candidates.map((c) => c.predictions), ...shuffledPredictions]);

  const r2Fit = r2(errors);
  const rank = constant ? null : smallestRank(fitted.map((fold, k) => truncatedGains(fold, chosen[k]!)));
  if (rank === null && !constant) {
    warn("no-held-out-rank", "No rank is given: the held-out R² of the linear map is not above 0.");
  }
  const common = { heldOut, n, distinctTopAnswers, causality: null, identifiable: null } as const;
  const fits = candidates.map((candidate, c): LinearityFigures => {
    const main = candidate.estimator === "leastSquares";
    const bootstrap = { random: random(seed, `${where} ${candidate.estimator} bootstrap`) };
    const interval = constant
      ? null
      : bootstrapInterval(
          n,
          (counts) => 1 - weighted(counts, candidate.errors) / weighted(counts, meanErrors),
          bootstrap,
        );
    return {
      ...common,
      estimator: candidate.estimator,
      r2Logit: r2(candidate.errors),
      interval,
      p: main && r2Fit !== null && shuffledR2.length > 0 ? permutationP(r2Fit, shuffledR2) : null,
      ...summarise(scores[c]!, n),
      rank: main ? rank : null,
      singularValues: main ? fitRelationalMap(data.inputs, data.targets, data).singularValues : null,
      lambda: main ? geometricMean(fitted.map((fold, k) => fold.lambdas[chosen[k]!]!)) : null,
      agreement: rows === n ? scores[c]!.agrees : null,
      predictions: rows === n ? allOrNull(scores[c]!.tops) : null,
    };
  });
  if (shuffledR2.length > 0) {
    const scored = scores.slice(candidates.length).map((score) => summarise(score, n));
    fits.push({
      ...common,
      estimator: "shuffled",
      r2Logit: mean(shuffledR2),
      interval: null,
      p: null,
      faithfulness: meanOrNull(scored.map((score) => score.faithfulness)),
      faithfulnessInterval: null,
      faithfulnessInAnswers: meanOrNull(scored.map((score) => score.faithfulnessInAnswers)),
      kl: meanOrNull(scored.map((score) => score.kl)),
      klInAnswers: meanOrNull(scored.map((score) => score.klInAnswers)),
      rank: null,
      singularValues: null,
      lambda: null,
      agreement: null,
      predictions: null,
    });
  }
  return { fits, warnings };
}

function permutations(n: number, count: number, draws: Random): Int32Array[] {
  return Array.from({ length: count }, () => draws.permutation(n));
}

/** Rows of all templates, one template after the other. */
function stackTemplates(templates: readonly LinearityTemplate[], standardise: boolean): RidgeData {
  const n = templates[0]!.inputs.rows;
  const rows = n * templates.length;
  return {
    inputs: stack(templates.map((template) => template.inputs)),
    targets: centreRows(stack(templates.map((template) => template.answerLogits))),
    subjects: Int32Array.from({ length: rows }, (_, i) => i % n),
    strata: Int32Array.from({ length: rows }, (_, i) => Math.floor(i / n)),
    standardise,
  };
}

function logitRows(templates: readonly LinearityTemplate[], answers: Matrix): LogitRows {
  const inputAnswers = templates.map((template) => template.inputAnswerLogits);
  const vocabularies = templates.map((template) => template.vocabulary);
  return {
    answers,
    inputAnswers: inputAnswers.every((x) => x !== null) ? centreRows(stack(inputAnswers)) : null,
    vocabularies: vocabularies.every((x) => x !== null) ? vocabularies : null,
  };
}

/** @throws RangeError when the shapes differ. */
function stack(parts: readonly Matrix[]): Matrix {
  const { rows, cols } = parts[0]!;
  const data = new Float64Array(rows * cols * parts.length);
  parts.forEach((part, t) => {
    if (part.rows !== rows || part.cols !== cols) {
      throw new RangeError(`template ${t} has ${part.rows}×${part.cols} rows, expected ${rows}×${cols}`);
    }
    data.set(part.data, t * rows * cols);
  });
  return { rows: rows * parts.length, cols, data };
}

function warnAboutEdges(
  folds: readonly RidgeFold[],
  chosen: readonly number[],
  warn: (code: string, message: string) => void,
): void {
  if (folds.some((fold) => fold.space.eigenvalues.length === 0)) {
    warn("constant-inputs", "The inputs are the same for every subject, so no map can be fitted to them.");
    return;
  }
  const lower = chosen.filter((k) => k === 0).length;
  const upper = chosen.filter((k, fold) => k === folds[fold]!.lambdas.length - 1).length;
  const of = `of ${folds.length} folds`;
  if (lower > 0)
    warn("lambda-edge", `The smallest λ of the grid was chosen in ${lower} ${of}: a smaller one might fit better.`);
  if (upper > 0)
    warn(
      "lambda-edge",
      `The largest λ of the grid was chosen in ${upper} ${of}: the map is no better than the mean there.`,
    );
}

function summarise(scores: RowScores, n: number) {
  const agrees = scores.agrees.flatMap((x) => x ?? []);
  const faithfulness = agrees.length === 0 ? null : share(agrees);
  return {
    faithfulness,
    // n counts subjects: the rows of one subject are not independent.
    faithfulnessInterval: faithfulness === null ? null : wilsonInterval(faithfulness * n, n),
    faithfulnessInAnswers: share(scores.agreesInAnswers),
    kl: meanOrNull(scores.kl),
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

function sum(values: Float64Array): number {
  return values.reduce((total, x) => total + x, 0);
}

function weighted(counts: ArrayLike<number>, values: Float64Array): number {
  return values.reduce((total, x, i) => total + counts[i]! * x, 0);
}

/** Null where a value is 0, as λ is for constant inputs. */
function geometricMean(values: readonly number[]): number | null {
  return values.every((x) => x > 0) ? Math.exp(mean(values.map(Math.log))) : null;
}

function allOrNull(values: readonly (number | null)[]): number[] | null {
  const known = values.flatMap((value) => value ?? []);
  return known.length === values.length ? known : null;
}
