import { random, type Random } from "../../linalg/random";
import { prepareHeldOut, type HeldOutOptions, type LinearityTemplate } from "./heldOut";
import { permutationP } from "../statistics/intervals";
import { geometricMean, scoredFigures, shuffledFigures, sum, type LinearityResult } from "./linearityFigures";
import { bySubject, inputBaselines, meanPredictions, ridgePredictions, type Candidate } from "./linearPredictions";
import { scorePredictions } from "./predictionScores";
import { fitRelationalMap } from "./relationalMap";
import { ridgeFold, type RidgeFold } from "./ridgeFold";
import { shuffledFits } from "./shuffledTraining";
import { smallestRank, truncatedGains } from "./truncatedRank";

export type { LinearityTemplate } from "./heldOut";
export type { AnalysisWarning, LinearityEstimator, LinearityFigures, LinearityResult } from "./linearityFigures";

/** `where` also separates the random draws of different fits. */
export interface LinearityOptions extends HeldOutOptions {
  /** Within-fold shuffles behind p; 0 leaves p and the `shuffled` baseline out. */
  readonly shuffles?: number;
  /** Of these, how many the `shuffled` baseline's faithfulness and kl are the mean of. */
  readonly scoredShuffles?: number;
  /** Whether those are scored over the vocabulary, which costs most; true where absent. */
  readonly shufflesOverVocabulary?: boolean;
  /** Whether shuffled fits choose λ among whole decades; beyond 60 training rows they do in any case. */
  readonly shuffleDecades?: boolean;
  /** Bootstrap intervals; true where absent. */
  readonly intervals?: boolean;
}

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
  const { rows, warnings: known } = prepareHeldOut(templates, options);
  if (rows === null) return { fits: [], warnings: known };
  const { data, sources, folds, means, heldOut } = rows;
  const { n, constant, meanErrors } = heldOut;
  const warnings = [...known];
  const warn = (code: string, message: string) => warnings.push({ code, message, where });
  const fitted = folds.map((fold) => ridgeFold(data, fold));

  const own = fitted.map((fold) => fold.fit());
  const chosen = own.map((fit) => fit.lambda);
  warnAboutEdges(fitted, chosen, warn);
  const draws = permutations(n, constant ? 0 : shuffles, random(seed, `${where} shuffles`));
  const shuffled = shuffledFits(fitted, data, draws, options.shuffleDecades);
  const shuffledR2 = shuffled.map((fits) => 1 - sum(fits.map(({ error }) => error)) / sum(meanErrors));

  const candidates: Candidate<"leastSquares" | "mean" | "identity" | "translation">[] = [
    {
      estimator: "leastSquares",
      errors: bySubject(fitted, data, (_, k) => own[k]!.errors),
      predictions: ridgePredictions(fitted, means, own),
    },
    { estimator: "mean", errors: meanErrors, predictions: meanPredictions(means) },
    ...(sources.length > 1 ? inputBaselines(means, data, sources) : []),
  ];
  const shuffledPredictions = shuffled.slice(0, scoredShuffles).map((fits) => ridgePredictions(fitted, means, fits));
  const answersOnly = options.shufflesOverVocabulary === false;
  const scores = scorePredictions(sources, [
    ...candidates.map((c) => c.predictions),
    ...(answersOnly ? [] : shuffledPredictions),
  ]);
  const shuffledScores = answersOnly
    ? scorePredictions(
        sources.map((source) => ({ ...source, vocabulary: null })),
        shuffledPredictions,
      )
    : scores.slice(candidates.length);

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
  if (shuffledR2.length > 0) fits.push(shuffledFigures(heldOut, shuffledR2, shuffledScores));
  return { fits, warnings };
}

function permutations(n: number, count: number, draws: Random): Int32Array[] {
  return Array.from({ length: count }, () => draws.permutation(n));
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
