import type { Comparison, Report, ReportWarning } from "../../protocol/report";
import { alignContexts } from "../contexts/alignContexts";
import { matchVocabularies } from "../contexts/matchedVocabulary";
import type { Passages } from "../contexts/passages";
import { comparedModel, type ComparedModel, type ReportedModel } from "./comparedModel";
import { comparedProperties } from "./comparedProperties";
import { partOf, type ComparisonHooks } from "./comparisonProgress";
import { compareDistributions } from "./distributions";
import { comparisonHeadline, sideOf } from "./headline";
import { overlapMaps } from "./layerMaps";
import { overContexts } from "./overContexts";

export interface ComparedModels {
  readonly comparison: Comparison;
  /** For the left model's report. */
  readonly warnings: readonly ReportWarning[];
  /** Tokens that were run, in both models. */
  readonly tokens: number;
}

/** Fewer contexts say little about a distribution. */
const fewContexts = 50;
const fewestContexts = 3;
const fewShared = 0.5;

/** Share of the work up to the general contexts. */
const atContexts = 0.1;

/**
 * Two models on the same relation and the same contexts (linear-properties section 9), each with its report. Fitted in
 * the coordinates Cᵀ f of the matched vocabulary, so that equivalent models compare as the same.
 *
 * @throws ProblemError for contexts that cannot be used
 * @throws Cancelled
 */
export async function compareModels(
  left: ReportedModel,
  right: ReportedModel,
  passages: Passages,
  hooks: ComparisonHooks,
): Promise<ComparedModels> {
  const warnings: ReportWarning[] = [];
  const warn = (code: string, message: string) => warnings.push({ code, message, where: "comparison" });
  await hooks.pause(0, "matching the vocabularies");
  const vocabulary = matchVocabularies(left.study.model, right.study.model);
  const common = {
    model: right.report.model,
    other: right.report,
    vocabularyShared: vocabulary.shared,
    vocabulary: { matched: vocabulary.left.length, left: vocabulary.sizes[0], right: vocabulary.sizes[1] },
    verdicts: comparedProperties(left.report, right.report),
  };
  if (vocabulary.shared < fewShared) {
    warn(
      "vocabulary-little-shared",
      `The two vocabularies share ${Math.round(100 * vocabulary.shared)}% of the smaller one; what the models say of other tokens is not compared.`,
    );
  }
  const layerMaps = overlapMaps(left, right);
  layerMaps.catch(() => undefined);
  if (vocabulary.left.length < 2) {
    const nothing = { ...common, ...withoutContexts, layerMaps: await layerMaps };
    return { comparison: withHeadline(nothing, left.report, right.report), warnings, tokens: 0 };
  }
  const models = [await comparedModel(left, vocabulary.left), await comparedModel(right, vocabulary.right)] as const;
  const aligned = alignContexts(passages.texts, [left.study.model, right.study.model], { seed: left.study.seed });
  const contexts = {
    source: passages.source,
    passages: aligned.passages - aligned.leftOut,
    contexts: aligned.contexts.length,
    leftOut: aligned.leftOut,
  };
  if (aligned.contexts.length < fewContexts) {
    warn(
      "contexts-few",
      `Only ${aligned.contexts.length} contexts have tokens that both models know; figures over them move much by chance.`,
    );
  }
  const relationDistances = await relationFigures(models, partOf(hooks, 0, atContexts));
  const general =
    aligned.contexts.length < fewestContexts
      ? null
      : await overContexts(models, aligned, partOf(hooks, atContexts, 1 - atContexts));
  warnings.push(...(general?.warnings ?? []));
  const comparison = {
    ...common,
    ...withoutContexts,
    contexts,
    relationDistances,
    ...general?.figures,
    layerMaps: [...(general?.layerMaps ?? []), ...(await layerMaps)],
  };
  await hooks.pause(1, "");
  return {
    comparison: withHeadline(comparison, left.report, right.report),
    warnings,
    tokens: general?.tokens ?? 0,
  };
}

/** What cannot be had without contexts, or without the models. */
export const withoutContexts = {
  contexts: null,
  distances: null,
  relationDistances: null,
  equivalence: null,
  effectiveComplexity: null,
  complexity: null,
  layerMaps: [],
  unitMatching: null,
} satisfies Partial<Comparison>;

export function withHeadline(comparison: Omit<Comparison, "headline">, left: Report, right: Report): Comparison {
  return { ...comparison, headline: comparisonHeadline(comparison, sideOf(left), sideOf(right)) };
}

/** On the relation's own prompts; a subject's prompts count as one passage. */
async function relationFigures([left, right]: readonly [ComparedModel, ComparedModel], hooks: ComparisonHooks) {
  const { set, activations } = left.study;
  const rows = {
    left: activations.f,
    right: right.study.activations.f,
    passageOf: Int32Array.from(set.prompts, ({ sample }) => sample),
  };
  return (await compareDistributions(left, right, rows, hooks)).distances;
}
