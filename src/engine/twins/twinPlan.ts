import type { Section } from "../../protocol/report";

/** Multiplications beyond which fewer twins, or none, must do: about a second on two cores. */
const budget = 3e9;

/** Twins of each family on which all sections run, without their costly analyses. */
const fewTwins = 3;

/** Twins of each family on which a section runs with all its analyses, and with the whole vocabulary. */
const completeTwins = 1;

/** Sections that all twins compute, in the order of what they tell for what they cost. */
const cheapSections: readonly Section[] = ["parallelism", "origins", "steering", "linearity"];

/** Twins of each family, by what is computed of them. */
export interface TwinPlan {
  /** All sections without their costly analyses, over the tokens that can matter. */
  readonly few: number;
  /** Beyond these, only the sections `cheap`. */
  readonly more: number;
  readonly cheap: readonly Section[];
  /** Of the first, how many are computed once more where a section needs it: with all its analyses. */
  readonly complete: number;
  /** And over the whole vocabulary, if it is not too large. */
  readonly wholeVocabulary: boolean;
}

export interface TwinSizes {
  /** Twins of each family that were asked for. */
  readonly count: number;
  readonly prompts: number;
  readonly templates: number;
  /** All rows of f. */
  readonly contexts: number;
  readonly vocabulary: number;
  /** Tokens that can matter. */
  readonly kept: number;
  readonly dimension: number;
}

/**
 * How the twins are spread, from sizes alone, so that the same file and model give the same report. A twin costs d³/6
 * for the factor of its Cov(g), and 4 d log₂ d for every row of f, g and Cov(g); its logits, d for every token and
 * prompt, after the prompt and after the subject; a template's linear fits with n subjects about 5 n³ and 2 n² d for
 * every fold. Where the fits are too much for all twins, the rest are computed without.
 */
export function planTwins(sizes: TwinSizes, only: readonly Section[]): TwinPlan {
  const { count, prompts, templates, contexts, vocabulary, kept, dimension: d } = sizes;
  const few = Math.min(fewTwins, count);
  const complete = Math.min(completeTwins, count);
  const own = d ** 3 / 6 + (contexts + kept + 2 * d) * 4 * d * Math.log2(Math.max(2, d)) + 2 * prompts * kept * d;
  const n = prompts / templates;
  const fits = templates * (n <= 30 ? n : 10) * (5 * n ** 3 + 2 * n ** 2 * d);
  const withFits = 2 * (count - few) * (own + fits) <= budget;
  const cheap = cheapSections.filter((section) => only.includes(section) && (section !== "linearity" || withFits));
  const affordable = Math.floor(budget / (2 * own));
  return {
    few,
    more: cheap.length === 0 ? 0 : Math.max(0, Math.min(count, affordable) - few),
    cheap,
    complete,
    wholeVocabulary: 2 * prompts * vocabulary * d * (2 * complete + 1) <= budget,
  };
}
