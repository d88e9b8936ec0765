import type { LinearityFit, ParallelismMap, ProbeResult, SubspaceAlignment } from "../../protocol/report";

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
 * @param mean the mean-answer baseline of the same template, if it was computed
 */
export function linearityVerdict(fit: LinearityFit, mean: LinearityFit | undefined): LinearityVerdict {
  if (fit.r2Logit === null || fit.faithfulness === null) return "not computed";
  if (fit.distinctTopAnswers <= 1) return "carries no information";
  const excludesNull = fit.p !== null && fit.p < alpha && fit.interval !== null && fit.interval[0] > 0;
  if (!excludesNull) return fit.n < fewSubjects ? "too few subjects to tell" : "not linear";
  const baseline = mean?.faithfulness ?? 0;
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

export type ProbeVerdict = "readable" | "already in the embedding" | "no signal" | "no better than the control";

/**
 * @param embedding the same probe at layer 0: what it can read there is spelling, part of speech or, in small
 *   models, the fact itself, and no finding about the layers above
 */
export function probeVerdict(probe: ProbeResult, embedding: ProbeResult | undefined): ProbeVerdict {
  if (probe.interval[0] <= probe.majority) return "no signal";
  if (probe.accuracy <= probe.controlUpper) return "no better than the control";
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
