import type { Section } from "../../protocol/report";

/** Multiplications of one twin test beyond which fewer twins, or fewer tokens, must do: about a second on two cores. */
const budget = 3e9;

/** Twins of each family behind figures that are costly. */
export const fewTwins = 3;

/** Sections whose figures have a closed form, and so are computed on all twins. */
const cheapSections: readonly Section[] = ["parallelism"];

export interface TwinPlan {
  /** Whether the costly twins know the whole vocabulary; the others never do. */
  readonly wholeVocabulary: boolean;
  /** Twins of each family on which all sections run. */
  readonly few: number;
  /** Further twins of each family, on which only `cheap` run. */
  readonly more: number;
  readonly cheap: readonly Section[];
}

export interface TwinSizes {
  /** Twins of each family that were asked for. */
  readonly count: number;
  /** Rows of f that logits are computed for: two a prompt. */
  readonly rows: number;
  /** All rows of f. */
  readonly contexts: number;
  readonly vocabulary: number;
  /** Tokens of a restricted vocabulary. */
  readonly kept: number;
  readonly dimension: number;
}

/**
 * How the twins are spread, from sizes alone, so that the same file and model give the same report.
 *
 * Few twins get every section, and the whole vocabulary where their logits fit the budget. The rest get the sections
 * with a closed form, over the tokens that can matter, as many as the budget has room for: a twin costs d³/6 for the
 * factor of its Cov(g), and 4 d log₂ d for every row of f, g and Cov(g).
 */
export function planTwins(sizes: TwinSizes, only: readonly Section[]): TwinPlan {
  const { count, rows, contexts, vocabulary, kept, dimension: d } = sizes;
  const few = Math.min(fewTwins, count);
  const wholeVocabulary = rows * vocabulary * d * (2 * few + 1) <= budget;
  const own = d ** 3 / 6 + (contexts + kept + 2 * d) * 4 * d * Math.log2(Math.max(2, d)) + rows * kept * d;
  const affordable = Math.floor(budget / (2 * own));
  return {
    wholeVocabulary,
    few,
    more: Math.max(0, Math.min(count, affordable) - few),
    cheap: cheapSections.filter((section) => only.includes(section)),
  };
}
