import type { ComparedProperty, Comparison, PromptResult, Report } from "../../protocol/report";

/** Mean Jensen–Shannon divergence, in nats, below which two distributions differ by rounding alone. */
const sameDistribution = 1e-6;
/** Up to this difference, relative where values exceed 1, two figures of equivalent models are the same. */
const sameFigure = 1e-4;

type Compared = Pick<Comparison, "distances" | "relationDistances" | "equivalence" | "verdicts">;

interface Side {
  readonly name: string;
  readonly prompts: readonly PromptResult[];
}

/** What a person reads first of a comparison; most important first. */
export function comparisonHeadline(comparison: Compared, left: Side, right: Side): string[] {
  return [
    ...distributionSentence(comparison),
    ...equivalenceSentence(comparison, left.name, right.name),
    countSentence(comparison.verdicts),
    ...agreementSentence(comparison),
    ...promptSentence(left, right),
  ];
}

export function sideOf({ model, prompts }: Pick<Report, "model" | "prompts">): Side {
  return { name: model.id, prompts };
}

function distributionSentence({ distances, relationDistances }: Compared): string[] {
  const main = distances ?? relationDistances;
  if (main === null) return [];
  const where = distances === null ? "the relation's prompts" : `${main.n} general contexts`;
  if (main.jensenShannon < sameDistribution) {
    return [
      `The same next-token distribution: they differ by ${scientific(main.jensenShannon)} nats over ${where}, which is rounding.`,
    ];
  }
  const own =
    distances === null || relationDistances === null
      ? ""
      : ` On the relation's own prompts: ${decimal(relationDistances.jensenShannon)} nats, ${percent(relationDistances.sameTopToken)}.`;
  return [
    `Different next-token distributions: mean Jensen–Shannon divergence ${decimal(main.jensenShannon)} nats (at most 0.69) over ${where}, with the same first choice in ${percent(main.sameTopToken)}.${own}`,
  ];
}

function equivalenceSentence({ equivalence }: Compared, left: string, right: string): string[] {
  if (equivalence === null) return [];
  const { r2Forward, r2Backward, figures } = equivalence;
  const chance = Math.max(figures.r2Forward.nullUpper ?? NaN, figures.r2Backward.nullUpper ?? NaN);
  return [
    `On held-out passages a linear map from ${right} explains ${percent(r2Forward)} of what ${left} computes, and one from ${left} ${percent(r2Backward)} of ${right}${byChance(chance)}.`,
  ];
}

/** A map without an intercept explains less than nothing of what it has no part in. */
function byChance(upper: number): string {
  if (Number.isNaN(upper)) return "";
  return upper <= 0 ? " (by chance nothing)" : ` (by chance at most ${Math.ceil(100 * upper)}%)`;
}

function countSentence(verdicts: readonly ComparedProperty[]): string {
  const count = (verdict: ComparedProperty["verdict"]) => verdicts.filter((row) => row.verdict === verdict).length;
  const others = [
    { n: count("depends on the basis"), words: "depend on the basis" },
    { n: count("too few to tell"), words: "cannot be told" },
  ].filter(({ n }) => n > 0);
  const untested = verdicts.filter(
    ({ verdict, identifiable, layer }) => verdict !== "too few to tell" && identifiable === null && layer === "final",
  ).length;
  const rest = others.length === 0 ? "" : `; ${others.map(({ n, words }) => `${n} ${words}`).join(" and ")}`;
  return `Of ${verdicts.length} properties, ${count("both")} hold in both models, ${count("one")} in one and ${count("none")} in none${rest}.${
    untested === 0 ? "" : ` Whether equivalent models share ${untested} of them was not tested: that needs exact twins.`
  }`;
}

/** Of models with the same distribution: all properties in log-ratios must agree. */
function agreementSentence({ distances, verdicts }: Compared): string[] {
  if (distances === null || distances.jensenShannon >= sameDistribution) return [];
  const bound = verdicts.filter(
    ({ identifiable, left, right }) => identifiable === "always" && left !== null && right !== null,
  );
  if (bound.length === 0) return [];
  const apart = bound.filter((row) => !agree(row));
  const must = `Models that predict the same must agree on every property in log-ratios: these agree on ${bound.length - apart.length} of ${bound.length}`;
  return [apart.length === 0 ? `${must}.` : `${must}, but not on ${apart.map(({ property }) => property).join("; ")}.`];
}

export function agree({ left, right }: Pick<ComparedProperty, "left" | "right">): boolean {
  if (left === null || right === null) return left === right;
  return Math.abs(left - right) <= sameFigure * Math.max(1, Math.abs(left), Math.abs(right));
}

function promptSentence(left: Side, right: Side): string[] {
  const first = ({ prompts }: Side) => prompts.filter(({ object, rank }) => object !== null && rank === 1).length;
  const asked = ({ prompts }: Side) => prompts.filter(({ object }) => object !== null).length;
  if (asked(left) === 0 || asked(right) === 0) return [];
  return [
    `${left.name} gives the object first in ${first(left)} of ${asked(left)} prompts, ${right.name} in ${first(right)} of ${asked(right)}.`,
  ];
}

const percent = (share: number) => `${Math.round(100 * share)}%`.replace("-", "−");
const scientific = (value: number) => value.toExponential(1).replace("-", "−");
const decimal = (value: number) => (value < 0.005 && value > 0 ? scientific(value) : value.toFixed(2));
