import { dot, type Matrix } from "../../linalg/matrix";
import { random } from "../../linalg/random";
import { describeFolds, splitByFold, subjectFolds } from "../statistics/folds";
import { sum, type AnalysisWarning, type HeldOut } from "./linearityFigures";
import { answerErrors, meanPredictions, trainingMeans, type TrainingMeans } from "./linearPredictions";
import { centreRows, countTopAnswers, type LogitSource, type VocabularyLogits } from "./predictionScores";
import type { FoldRows, RidgeData } from "./ridgeFold";

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

export interface HeldOutOptions {
  readonly seed: number;
  /** The `where` of warnings. */
  readonly where: string;
  /** Whether the inputs have no metric of their own: Ledoit–Wolf covariance of the training rows. */
  readonly standardise: boolean;
}

/** What every estimator of one map starts from. */
export interface HeldOutRows {
  readonly data: RidgeData;
  /** The model's own logits and, where all templates have them, those read from the inputs. */
  readonly sources: readonly LogitSource[];
  readonly folds: readonly FoldRows[];
  readonly means: TrainingMeans;
  readonly heldOut: HeldOut;
}

const fewestSubjects = 3;

/**
 * Folds by subject, drawn from the seed and n alone, so that all estimators, layers and templates are scored on the
 * same ones.
 * @returns null with fewer than 3 subjects
 */
export function prepareHeldOut(
  templates: readonly LinearityTemplate[],
  { seed, where, standardise }: HeldOutOptions,
): { readonly rows: HeldOutRows | null; readonly warnings: readonly AnalysisWarning[] } {
  const n = templates[0]?.inputs.rows ?? 0;
  const warnings: AnalysisWarning[] = [];
  const warn = (code: string, message: string) => warnings.push({ code, message, where });
  if (n < fewestSubjects) {
    warn(
      "linearity-too-few-subjects",
      `No linear map is fitted: ${n} usable subjects, at least ${fewestSubjects} needed.`,
    );
    return { rows: null, warnings };
  }
  const data = stackTemplates(templates, standardise);
  const sources = logitSources(templates, data.targets);
  const assigned = subjectFolds(n, random(seed, "linearity folds"));
  const folds = Array.from({ length: assigned.count }, (_, k) => splitByFold(data.subjects, assigned, k));
  const topTokens = templates.map((template) => template.topTokens);
  const distinctTopAnswers = topTokens.every((x) => x !== undefined)
    ? new Set(topTokens.flat()).size
    : countTopAnswers(sources[0]!);

  const means = trainingMeans(folds, data);
  const meanErrors = answerErrors(meanPredictions(means), data, sources);
  const constant = !(sum(meanErrors) > 1e-20 * dot(data.targets.data, data.targets.data));
  if (constant)
    warn("constant-answers", "The model's logits over the answers do not vary, so there is nothing to predict.");
  else if (distinctTopAnswers === 1) {
    warn(
      "one-distinct-top-answer",
      "The model puts the same token first in every prompt: faithfulness carries no information.",
    );
  }
  const heldOut = {
    scheme: describeFolds(assigned, "subject"),
    foldOf: assigned.foldOf,
    n,
    distinctTopAnswers,
    meanErrors,
    constant,
  };
  return { rows: { data, sources, folds, means, heldOut }, warnings };
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
