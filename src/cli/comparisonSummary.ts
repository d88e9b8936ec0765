import type {
  ComparedProperty,
  Comparison,
  ComparisonVerdict,
  DistributionDistances,
  EquivalenceFigure,
  Identifiable,
  SimilarityFigure,
} from "../protocol/report";
import { figure, inColumns, intervalText, type Column } from "./figureColumns";
import { wrap, type Style } from "./style";

const width = 100;

/** Two models, or two reports, on one relation: sentences, distances, and the all-or-none table. */
export function renderComparison(comparison: Comparison, left: string, paint: Style): string[] {
  const right = comparison.model.id;
  return [
    ...wrap(`${left} (left) compared with ${right} (right)`, width).map(paint.bold),
    "",
    ...comparison.headline.flatMap((sentence) => wrap(sentence, width)),
    "",
    ...distanceLines(comparison, paint),
    ...equivalenceLines(comparison, paint),
    ...verdictLines(comparison.verdicts, paint),
  ];
}

function distanceLines(
  { distances, relationDistances, contexts, vocabularyShared }: Comparison,
  paint: Style,
): string[] {
  const sets: [string, DistributionDistances | null][] = [
    [`over ${contexts?.source === "general" ? "general contexts" : (contexts?.source ?? "contexts")}`, distances],
    ["over the relation's prompts", relationDistances],
  ];
  const rows = sets.flatMap(([name, set]) => (set === null ? [] : [{ name, set }]));
  if (rows.length === 0) return [];
  const columns: readonly Column<(typeof rows)[number]>[] = [
    { title: "distance", align: "left", cell: ({ name }) => name },
    { title: "JS, nats", align: "right", cell: ({ set }) => small(set.jensenShannon) },
    { title: "KL left‖right", align: "right", cell: ({ set }) => small(set.kl) },
    { title: "KL right‖left", align: "right", cell: ({ set }) => small(set.klBackward) },
    { title: "d_LLV", align: "right", cell: ({ set }) => small(set.logLikelihoodVariance) },
    { title: "same top", align: "right", cell: ({ set }) => figure(set.sameTopToken) },
    { title: "n", align: "right", cell: ({ set }) => String(set.n) },
  ];
  const shared = vocabularyShared === null ? [] : [`Vocabulary in common: ${Math.round(100 * vocabularyShared)}%.`];
  return [...table(rows, columns, paint), ...shared.map(paint.dim), ""];
}

const figureNames: Readonly<Record<EquivalenceFigure, string>> = {
  r2Forward: "R², left from right",
  r2Backward: "R², right from left",
  meanCanonicalCorrelation: "mean canonical correlation",
  cka: "linear CKA",
  dSvd: "d_SVD (a distance)",
  r2Euclidean: "R², raw coordinates",
  ckaEuclidean: "linear CKA, raw coordinates",
};

function equivalenceLines({ equivalence, effectiveComplexity, complexity }: Comparison, paint: Style): string[] {
  if (equivalence === null) return [];
  const rows = Object.entries(equivalence.figures).map(([name, found]) => ({
    name: figureNames[name as EquivalenceFigure],
    found,
  }));
  const columns: readonly Column<{ name: string; found: SimilarityFigure }>[] = [
    { title: `linear equivalence, ${equivalence.heldOut}`, align: "left", cell: ({ name }) => name },
    { title: "value", align: "right", cell: ({ found }) => fine(found.value) },
    { title: "95% interval", align: "left", cell: ({ found }) => intervalText(found.interval) },
    { title: "by chance", align: "right", cell: ({ found }) => figure(found.nullMean) },
    { title: "equivalent models", align: "left", cell: ({ found }) => sharing(found.identifiable) },
  ];
  const ranks =
    effectiveComplexity === null || complexity === null
      ? []
      : [
          `Effective complexity: ${effectiveComplexity.join(" and ")} dimensions of log-ratios; participation ratio ${complexity.participationRatio.map(figure).join(" and ")}.`,
        ];
  return [...table(rows, columns, paint), ...ranks.flatMap((line) => wrap(line, width)).map(paint.dim), ""];
}

const verdictWords: Readonly<Record<ComparisonVerdict, string>> = {
  both: "in both models",
  one: "in one model",
  none: "in none",
  "depends on the basis": "depends on the basis",
  "too few to tell": "cannot be told",
};

function verdictLines(rows: readonly ComparedProperty[], paint: Style): string[] {
  if (rows.length === 0) return [];
  const side = (which: 0 | 1): Column<ComparedProperty>[] => {
    const [value, interval, range, name] =
      which === 0
        ? (["left", "leftInterval", "leftRange", "left"] as const)
        : (["right", "rightInterval", "rightRange", "right"] as const);
    return [
      { title: name, align: "right", cell: (row) => figure(row[value]) },
      { title: "95% interval", align: "left", cell: (row) => intervalText(row[interval]) },
      { title: "twins", align: "left", cell: (row) => rangeText(row[range]) },
      {
        title: "holds",
        align: "left",
        cell: ({ holds }) => (holds[which] === null ? "–" : holds[which] ? "yes" : "no"),
      },
    ];
  };
  const columns = [...side(0), ...side(1)];
  const [head = "", ...figures] = inColumns(rows, columns).map((line) => `  ${line}`.slice(0, width));
  return [
    paint.dim(head),
    ...rows.flatMap((row, i) => [...wrap(`${row.property}: ${heldIn(row)}`, width).map(paint.bold), figures[i] ?? ""]),
    "",
  ];
}

function heldIn({ verdict, holds }: ComparedProperty): string {
  if (verdict !== "one") return verdictWords[verdict];
  return `${verdictWords.one} (${holds[0] === true ? "left" : "right"})`;
}

/** One value where no twin moves it. */
function rangeText(range: readonly [number, number] | null): string {
  if (range === null) return "–";
  const [low, high] = [figure(range[0]), figure(range[1])];
  return low === high ? "same" : `${low} … ${high}`;
}

function sharing(identifiable: Identifiable): string {
  return identifiable === "always" ? "same" : identifiable === "underDiversity" ? "same, if diverse" : "other";
}

function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], paint: Style): string[] {
  const [head = "", ...body] = inColumns(rows, columns).map((line) => line.slice(0, width));
  return [paint.dim(head), ...body];
}

/** A distance, which may be small without being zero. */
function small(value: number | null): string {
  return value !== null && value !== 0 && Math.abs(value) < 0.001 ? value.toExponential(1) : fine(value);
}

/** Shares near 1 differ in their last digits. */
function fine(value: number | null): string {
  if (value === null) return "–";
  return Math.abs(value) < 100 ? value.toFixed(4).replace(/^-0\.0000$/, "0.0000") : figure(value);
}
