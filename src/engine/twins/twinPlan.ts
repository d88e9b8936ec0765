import type { Section } from "../../protocol/report";

/** Multiplications beyond which fewer twins, or none, must do: about a second on two cores. */
const budget = 3e9;

/** The same for linear fits beyond those of `fewTwins`. */
const fitBudget = 1e9;

/** What a fold of a linear fit takes beside its multiplications, in multiplications. */
const perFold = 1e6;

/** Twins of each family on which all sections run, without their costly analyses. */
const fewTwins = 3;

/** Twins of each family on which a section runs with all its analyses, and with the whole vocabulary. */
const completeTwins = 1;

/** Sections that all twins compute. */
const cheapSections: readonly Section[] = ["parallelism", "origins", "steering"];

/** Twins of each family, by what is computed of them. */
export interface TwinPlan {
  /** All sections without their costly analyses, over the tokens that can matter. */
  readonly few: number;
  /** Beyond these, the sections `cheap` and the linear fits. */
  readonly fitted: number;
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
 * every fold; as many twins have them as there is time for.
 */
export function planTwins(sizes: TwinSizes, only: readonly Section[]): TwinPlan {
  const { count, prompts, templates, contexts, vocabulary, kept, dimension: d } = sizes;
  const few = Math.min(fewTwins, count);
  const complete = Math.min(completeTwins, count);
  const own = d ** 3 / 6 + (contexts + kept + 2 * d) * 4 * d * Math.log2(Math.max(2, d)) + 2 * prompts * kept * d;
  const n = prompts / templates;
  const fits = templates * (n <= 30 ? n : 10) * (perFold + 5 * n ** 3 + 2 * n ** 2 * d);
  const cheap = cheapSections.filter((section) => only.includes(section));
  const rest = Math.max(0, Math.min(count, Math.floor(budget / (2 * own))) - few);
  const fitted = only.includes("linearity") ? Math.min(rest, Math.floor(fitBudget / (2 * fits))) : 0;
  return {
    few,
    fitted,
    more: cheap.length === 0 ? 0 : rest - fitted,
    cheap,
    complete,
    wholeVocabulary: 2 * prompts * vocabulary * d * (2 * complete + 1) <= budget,
  };
}
