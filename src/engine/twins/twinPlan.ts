import type { Section } from "../../protocol/report";

/** Multiplications beyond which fewer twins, or none, must do: about a second on two cores. */
const budget = 3e9;

/** Twins of each family on which all sections run, without their costly analyses. */
const fewTwins = 3;

/** Twins of each family on which a section runs with all its analyses, and with the whole vocabulary. */
const completeTwins = 1;

/** Twins that one task computes, with what they have in common computed once: by default all that are cheap. */
const wholeBatch = 40;

/** The same where each is so costly (in multiplications, `costly`) that they had better be spread over threads. */
const smallBatch = 2;
const costly = 1e8;

/** Sections that all twins compute. */
const cheapSections: readonly Section[] = ["parallelism", "linearity", "origins", "steering"];

/** Twins of each family, by what is computed of them. */
export interface TwinPlan {
  /** All sections without their costly analyses, over the tokens that can matter. */
  readonly few: number;
  /** Beyond these, only the sections `cheap`. */
  readonly more: number;
  readonly cheap: readonly Section[];
  /** Twins that one task computes. */
  readonly batch: number;
  /** Of the first, how many are computed once more where a section needs it: with all its analyses. */
  readonly complete: number;
  /** And over the whole vocabulary, if it is not too large. */
  readonly wholeVocabulary: boolean;
}

export interface TwinSizes {
  /** Twins of each family that were asked for. */
  readonly count: number;
  readonly prompts: number;
  /** All rows of f. */
  readonly contexts: number;
  readonly vocabulary: number;
  /** Tokens that can matter. */
  readonly kept: number;
  readonly dimension: number;
}

/**
 * How the twins are spread, from sizes alone, so that the same file and model give the same report. A twin costs d³/6
 * for the factor of its Cov(g), and 4 d log₂ d, or the time of as many, for every row of f, g and Cov(g); its logits, d for every token and
 * prompt, after the prompt and after the subject. Linear fits are computed once for many (`reusedAnalyses`).
 */
export function planTwins(sizes: TwinSizes, only: readonly Section[]): TwinPlan {
  const { count, prompts, contexts, vocabulary, kept, dimension: d } = sizes;
  const few = Math.min(fewTwins, count);
  const complete = Math.min(completeTwins, count);
  const own = d ** 3 / 6 + (contexts + kept + 2 * d) * 4 * d * Math.log2(Math.max(2, d)) + 2 * prompts * kept * d;
  const cheap = cheapSections.filter((section) => only.includes(section));
  const rest = Math.max(0, Math.min(count, Math.floor(budget / (2 * own))) - few);
  return {
    few,
    more: cheap.length === 0 ? 0 : rest,
    cheap,
    batch: own < costly ? wholeBatch : smallBatch,
    complete,
    wholeVocabulary: 2 * prompts * vocabulary * d * (2 * complete + 1) <= budget,
  };
}
