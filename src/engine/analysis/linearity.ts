import { random, type Random } from "../linalg/random";
import { dot, type Matrix } from "../linalg/matrix";
import { describeFolds, splitByFold, subjectFolds } from "./folds";
import { permutationP } from "./intervals";
import {
  geometricMean,
  scoredFigures,
  shuffledFigures,
  sum,
  type HeldOut,
  type LinearityResult,
  type AnalysisWarning,
} from "./linearityFigures";
import { centreRows, countTopAnswers, scorePredictions, type LogitSource, type VocabularyLogits } from "./predictionScores"; // prettier-ignore
import { bySubject, inputBaselines, meanPredictions, ridgePredictions, trainingMeans } from "./linearPredictions";
import type { Candidate } from "./linearPredictions";
import { fitRelationalMap } from "./relationalMap";
import { ridgeFold, type RidgeData, type RidgeFold } from "./ridgeFold";
import { shuffledFits } from "./shuffledTraining";
import { smallestRank, truncatedGains } from "./truncatedRank";

export type { AnalysisWarning, LinearityEstimator, LinearityFigures, LinearityResult } from "./linearityFigures";

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
  /** Whether shuffled fits choose λ among whole decades; beyond 60 training rows they do in any case. */
  readonly shuffleDecades?: boolean;
  /** Bootstrap intervals; true where absent. */
  readonly intervals?: boolean;
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
  const { seed, where, shuffles = 200, scoredShuffles = 20, intervals = true } = options;
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
  const sources = logitSources(templates, data.targets);
  const folds = subjectFolds(n, random(seed, `${where} folds`));
  const fitted = Array.from({ length: folds.count }, (_, k) => ridgeFold(data, splitByFold(data.subjects, folds, k)));
  const topTokens = templates.map((template) => template.topTokens);
  const distinctTopAnswers = topTokens.every((x) => x !== undefined)
    ? new Set(topTokens.flat()).size
    : countTopAnswers(sources[0]!);

  const meanErrors = bySubject(fitted, data, (fold) => fold.meanErrors);
  const denominator = sum(meanErrors);
  const constant = !(denominator > 1e-20 * dot(data.targets.data, data.targets.data));
  if (constant)
    warn("constant-answers", "The model's logits over the answers do not vary, so there is nothing to predict.");
  else if (distinctTopAnswers === 1) {
    warn(
      "one-distinct-top-answer",
      "The model puts the same token first in every prompt: faithfulness carries no information.",
    );
  }
  const heldOut: HeldOut = { scheme: describeFolds(folds, "subject"), n, distinctTopAnswers, meanErrors, constant };

  const own = fitted.map((fold) => fold.fit());
  const chosen = own.map((fit) => fit.lambda);
  warnAboutEdges(fitted, chosen, warn);
  const draws = permutations(n, constant ? 0 : shuffles, random(seed, `${where} shuffles`));
  const shuffled = shuffledFits(fitted, data, draws, options.shuffleDecades);
  const shuffledR2 = shuffled.map((fits) => 1 - sum(fits.map(({ error }) => error)) / denominator);

  const means = trainingMeans(fitted, data);
  const candidates: Candidate<"leastSquares" | "mean" | "identity" | "translation">[] = [
    {
      estimator: "leastSquares",
      errors: bySubject(fitted, data, (_, k) => own[k]!.errors),
      predictions: ridgePredictions(fitted, means, own),
    },
    { estimator: "mean", errors: meanErrors, predictions: meanPredictions(means) },
    ...(sources.length > 1 ? inputBaselines(means, data, sources) : []),
  ];
  const scores = scorePredictions(sources, [
    ...candidates.map((c) => c.predictions),
    ...shuffled.slice(0, scoredShuffles).map((fits) => ridgePredictions(fitted, means, fits)),
  ]);

  const rank = constant ? null : smallestRank(fitted.map((fold, k) => truncatedGains(fold, chosen[k]!)));
  if (rank === null && !constant) {
    warn("no-held-out-rank", "No rank is given: the held-out R² of the linear map is not above 0.");
  }
  const fits = candidates.map(({ estimator, errors }, c) => {
    const bootstrap = intervals ? random(seed, `${where} ${estimator} bootstrap`) : null;
    const figures = scoredFigures(estimator, heldOut, errors, scores[c]!, bootstrap);
    if (estimator !== "leastSquares") return figures;
    return {
      ...figures,
      p: figures.r2Logit !== null && shuffledR2.length > 0 ? permutationP(figures.r2Logit, shuffledR2) : null,
      rank,
      singularValues: fitRelationalMap(data.inputs, data.targets, data).singularValues,
      lambda: geometricMean(fitted.map((fold, k) => fold.lambdas[chosen[k]!]!)),
    };
  });
  if (shuffledR2.length > 0) fits.push(shuffledFigures(heldOut, shuffledR2, scores.slice(candidates.length)));
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

/** The model's own logits and, where all templates have them, those read from the inputs. */
function logitSources(templates: readonly LinearityTemplate[], answers: Matrix): LogitSource[] {
  const inputAnswers = templates.map((template) => template.inputAnswerLogits);
  const parts = templates.map(({ vocabulary }) => vocabulary);
  const known = parts.every((part) => part !== null) ? parts : null;
  const sources: LogitSource[] = [{ answers, vocabulary: known?.map(({ logits }) => logits) ?? null }];
  if (!inputAnswers.every((x) => x !== null)) return sources;
  const inputLogits = known?.flatMap((part) => part.inputLogits ?? []) ?? [];
  sources.push({
    answers: centreRows(stack(inputAnswers)),
    vocabulary: known !== null && inputLogits.length === templates.length ? inputLogits : null,
  });
  return sources;
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
