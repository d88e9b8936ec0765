import type {
  EmbeddingAlignment,
  ErasureResult,
  LinearityFit,
  LinearityTransfer,
  LogOddsMatching,
  ParallelismMap,
  ProbeResult,
  SteeringResult,
  SubspaceAlignment,
} from "../../protocol/report";

/** Significance level of every verdict. */
const alpha = 0.05;

/** Below this many subjects, a figure that does not exclude its null says nothing (linear-properties section 11). */
const fewSubjects = 20;

/** The share above which [LRE] section 4 calls a relation linearly decodable. */
const faithful = 0.6;

/** Below this many effective contexts the distributional map reads little more than the average log-ratio. */
export const fewContexts = 5;

export type LinearityVerdict =
  "linear" | "partly linear" | "not linear" | "too few subjects to tell" | "carries no information" | "not computed";

/**
 * *linear*: the map beats shuffled answers on R²_logit, and names the model's own answer for at least 60% of
 * the held-out subjects, clearly more often than the mean answer does; *partly linear*: the first only.
 *
 * @param baseline faithfulness that looking at no subject gives: `constantAnswer`
 */
export function linearityVerdict(fit: LinearityFit, baseline: number): LinearityVerdict {
  if (fit.r2Logit === null || fit.faithfulness === null) return "not computed";
  if (fit.distinctTopAnswers <= 1) return "carries no information";
  const excludesNull = fit.p !== null && fit.p < alpha && fit.interval !== null && fit.interval[0] > 0;
  if (!excludesNull) return fit.n < fewSubjects ? "too few subjects to tell" : "not linear";
  const beatsMean = fit.faithfulnessInterval !== null && fit.faithfulnessInterval[0] > baseline;
  return fit.faithfulness >= faithful && beatsMean ? "linear" : "partly linear";
}

/** Parallelism verdicts are made with the map; here only the words around them. */
export function parallelismSentence(map: ParallelismMap): string {
  switch (map.verdict) {
    case "parallel":
      return "Parallel, and specific to the pairs";
    case "class direction only":
      return "A direction between the two classes of words, not between partners";
    case "related words, no common direction":
      return "Related words, but no common direction";
    case "not parallel":
      return "Not parallel";
    case "too few pairs to tell":
      return "Too few pairs to tell whether they are parallel";
  }
}

export type ProbeVerdict =
  "too few to tell" | "readable" | "already in the embedding" | "no signal" | "no better than the control";

/**
 * @param embedding the same probe at layer 0: what it can read there is spelling, part of speech or, in small
 *   models, the fact itself, and no finding about the layers above
 */
export function probeVerdict(probe: ProbeResult, embedding: ProbeResult | undefined): ProbeVerdict {
  if (probe.interval[0] <= probe.majority) {
    return probe.n < fewSubjects && probe.accuracy > probe.majority ? "too few to tell" : "no signal";
  }
  if (probe.controlUpper !== null && probe.accuracy <= probe.controlUpper) return "no better than the control";
  if (
    embedding !== undefined &&
    embedding.accuracy >= probe.interval[0] &&
    embedding.interval[0] > embedding.majority
  ) {
    return "already in the embedding";
  }
  return "readable";
}

export type SubspaceVerdict = "aligned" | "no more than by chance";

export function subspaceVerdict(alignment: SubspaceAlignment): SubspaceVerdict {
  return alignment.p < alpha ? "aligned" : "no more than by chance";
}

/** Of a template's own R², what another template's map must keep to count as the same. */
const sharedShare = 0.8;

export type TransferVerdict =
  | "one map for all paraphrases"
  | "partly shared between paraphrases"
  | "not shared between paraphrases"
  | "not computed";

/**
 * The mean, over ordered pairs of templates, of the R² that i's map keeps on j (intercept estimated anew) as a share
 * of j's own; pairs whose own R² is not positive are left out. Null where none is left.
 */
export function transferKept({ r2RefittedIntercept: r2 }: LinearityTransfer): number | null {
  const shares = r2.flatMap((row, i) =>
    row.flatMap((value, j) => {
      const own = r2[j]?.[j] ?? null;
      return i === j || value === null || own === null || own <= 0 ? [] : [value / own];
    }),
  );
  return shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

export function transferVerdict(transfer: LinearityTransfer): TransferVerdict {
  const kept = transferKept(transfer);
  if (kept === null) return "not computed";
  if (kept >= sharedShare) return "one map for all paraphrases";
  return kept > 0 ? "partly shared between paraphrases" : "not shared between paraphrases";
}

export type ErasureVerdict = "the answers need it" | "no more than a random subspace";

/** *the answers need it*: the interval of what is left lies below what a random subspace of the same rank leaves. */
export function erasureVerdict(erasure: ErasureResult): ErasureVerdict {
  return erasure.interval[1] < erasure.afterRandom ? "the answers need it" : "no more than a random subspace";
}

export type SteeringVerdict = "steers" | "partly steers" | "no more than a random vector" | "too few prompts to tell";

/** *steers*: most prompts turn to the other answer, and more than with a random vector; *partly*: the second only. */
export function steeringVerdict(steering: SteeringResult): SteeringVerdict {
  const beyondRandom = steering.interval[0] > (steering.randomSuccessRate ?? 0);
  if (beyondRandom) return steering.successRate >= faithful ? "steers" : "partly steers";
  return steering.n < fewSubjects && steering.successRate > 0
    ? "too few prompts to tell"
    : "no more than a random vector";
}

export type SpecificityVerdict = "specific" | "touches other relations";

/** *specific*: at least 90% of the control relations' prompts keep their top answer. */
export function specificityVerdict(kept: number): SpecificityVerdict {
  return kept >= 0.9 ? "specific" : "touches other relations";
}

/** Of the spread of random word pairs, what counts as no spread. */
const steadyShare = 0.1;

export type LogOddsVerdict =
  "the same in all contexts" | "steadier than random pairs" | "as unsteady as random pairs" | "too few pairs to tell";

/** *steadier*: the interval lies below the 5% quantile of random word pairs; *the same*: below a tenth of their mean. */
export function logOddsVerdict({ interval, randomSpread, randomSpreadLower }: LogOddsMatching): LogOddsVerdict {
  if (interval === null) return "too few pairs to tell";
  if (interval[1] < steadyShare * randomSpread) return "the same in all contexts";
  return interval[1] < randomSpreadLower ? "steadier than random pairs" : "as unsteady as random pairs";
}

export type AlignmentVerdict = "embeddings aligned" | "embeddings not aligned" | "too few pairs to tell";

/** Fewer pairs have fewer than 20 ways of swapping their words that differ, so that p cannot fall below .05. */
const fewestSwapped = 6;

/** *aligned*: above 0 by its interval, and beyond what swapped words give. */
export function alignmentVerdict({ interval, p, n }: EmbeddingAlignment): AlignmentVerdict {
  if (interval === null || p === null || (n[0] ?? 0) < fewestSwapped) return "too few pairs to tell";
  return interval[0] > 0 && p < alpha ? "embeddings aligned" : "embeddings not aligned";
}

export type CausalityVerdict = "causal" | "partly causal" | "no more than a random change";

/** *causal*: most of the edited prompts turn to the other answer, and more than with a random change; *partly*: the second only. */
export function causalityVerdict({
  causality,
  causalityInterval,
  causalityRandom,
}: Pick<LinearityFit, "causality" | "causalityInterval" | "causalityRandom">): CausalityVerdict {
  if ((causalityInterval?.[0] ?? 0) <= (causalityRandom ?? 0)) return "no more than a random change";
  return (causality ?? 0) >= faithful ? "causal" : "partly causal";
}
