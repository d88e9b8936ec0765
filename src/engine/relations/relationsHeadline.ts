import type { RelationMatrix, RelationsReport } from "../../protocol/relationsReport";

type Figures = Pick<RelationsReport, "relations" | "subspaces" | "parallelism" | "probeTransfer" | "conceptDirections">;

/** What a person reads first, one sentence a map. */
export function relationsHeadline(figures: Figures, modelId: string): string[] {
  const { relations, subspaces, parallelism, probeTransfer, conceptDirections: directions } = figures;
  const names = relations.map(({ name }) => name);
  const onF = probeTransfer.find(({ layer }) => layer === "final") ?? null;
  return [
    `${relations.length} relations in ${modelId}: what they share.`,
    ...(subspaces === null
      ? ["Their subspaces are not compared: fewer than two have one that predicts held-out subjects."]
      : [
          counted(subspaces, names, {
            what: "share more of their subspaces than with permuted answers",
            quantity: "overlap",
            n: "subjects",
          }),
        ]),
    ...(parallelism.causal === null
      ? []
      : [
          counted(parallelism.causal, names, {
            what: "have pairs that are more parallel than with random word pairs (causal)",
            quantity: "mean cosine",
            n: "word pairs",
          }),
        ]),
    ...(directions?.meanOffDiagonal == null ? [] : [directionsSentence(directions.meanOffDiagonal, directions)]),
    ...(onF === null ? [] : [transferSentence(onF, names)]),
  ];
}

function directionsSentence(
  mean: number,
  { interval, randomMean, randomUpper }: Pick<NonNullable<Figures["conceptDirections"]>, "interval" | "randomMean" | "randomUpper">, // prettier-ignore
): string {
  const found = `Directions of different relations: mean |cosine| ${decimal(mean)}${bracket(interval)} (causal)`;
  if (randomMean === null || randomUpper === null) return `${found}.`;
  const verdict = mean > randomUpper ? "farther from orthogonal than those" : "as near to orthogonal as those";
  return `${found}, ${verdict} of random word pairs (${decimal(randomMean)}, up to ${decimal(randomUpper)}).`;
}

interface Words {
  readonly what: string;
  readonly quantity: string;
  readonly n: string;
}

/** Pairs of relations beyond their null, and the farthest. */
function counted({ matrix, upper, n }: RelationMatrix, names: readonly string[], words: Words): string {
  const cells = names.flatMap((right, j) =>
    names.slice(0, j).flatMap((left, i) => {
      const [value, limit] = [matrix[i]?.[j] ?? null, upper?.[i]?.[j] ?? null];
      return value === null || limit === null ? [] : [{ left, right, value, limit }];
    }),
  );
  const beyond = cells.filter(({ value, limit }) => Math.abs(value) > limit);
  const [top] = [...beyond].sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const which =
    top === undefined
      ? ""
      : `; most: ${top.left} and ${top.right} (${words.quantity} ${decimal(top.value)}, null up to ${decimal(top.limit)})`;
  return `${beyond.length} of ${cells.length} pairs of relations ${words.what}${byChance(cells.length)}, at ${n} ${words.n} each${which}.`;
}

/** Every cell is tested by itself at 5%. */
function byChance(cells: number): string {
  const expected = 0.05 * cells;
  return expected < 0.5 ? "" : ` (about ${Math.round(expected)} would by chance)`;
}

function transferSentence(
  { matrix, upper, majority }: RelationMatrix & { majority: number },
  names: readonly string[],
): string {
  // prettier-ignore
  const cells = names.flatMap((from, i) =>
    names.flatMap((to, j) => {
      const [value, limit] = [matrix[i]?.[j] ?? null, upper?.[i]?.[j] ?? null];
      return i === j || value === null || limit === null ? [] : [{ from, to, value, limit }];
    }),
  );
  if (cells.length === 0) return "Probes are not tried across relations: too few words.";
  const beyond = cells.filter(({ value, limit }) => value > limit);
  const [top] = [...beyond].sort((a, b) => b.value - a.value);
  const which =
    top === undefined ? "" : `; best: from ${top.from} to ${top.to} (balanced accuracy ${percent(top.value)})`;
  return `A probe of one relation's forms at f reads another's in ${beyond.length} of ${cells.length} cases better than with control labels${byChance(cells.length)}${which}; a guess gives ${percent(majority)}.`;
}

const percent = (share: number) => `${Math.round(100 * share)}%`;
const decimal = (value: number) => value.toFixed(2).replace("-", "−");
const bracket = (interval: readonly [number, number] | null) =>
  interval === null ? "" : ` [${decimal(interval[0])} ${decimal(interval[1])}]`;
