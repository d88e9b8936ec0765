import type { ComparedProperty, ComparisonVerdict } from "../../src/protocol/report";
import { figure, interval, significant } from "../format";
import { identifiableWords, strings, verdictWords } from "../strings";
import { dotPlot, outside, whisker } from "./dotPlot";
import { figureRange, place, tickLabel } from "./scene";
import type { Mark, Measure, Range, Scene } from "./scene";
import { cell } from "./table";
import type { TableModel } from "./table";

export type Names = readonly [left: string, right: string];

const verdictOrder: readonly ComparisonVerdict[] = ["both", "one", "none", "depends on the basis", "too few to tell"];

/** Verdicts that occur, with how many properties have each. */
export function verdictCounts(rows: readonly ComparedProperty[]): readonly (readonly [ComparisonVerdict, number])[] {
  return verdictOrder.flatMap((verdict) => {
    const count = rows.filter((row) => row.verdict === verdict).length;
    return count > 0 ? [[verdict, count] as const] : [];
  });
}

/** What is said of more than two properties in the same words is said once, below the table. */
export function repeatedWords(rows: readonly ComparedProperty[]): ReadonlyMap<string, ComparedProperty> {
  const counts = new Map<string, number>();
  for (const { words } of rows) counts.set(words, (counts.get(words) ?? 0) + 1);
  return new Map(rows.filter(({ words }) => (counts.get(words) ?? 0) > 2).map((row) => [row.words, row]));
}

export type RowOrder = "report" | "verdict" | "difference";

/** Rows of a verdict, or all, in an order that keeps the report's among equals. */
export function chosenRows(
  rows: readonly ComparedProperty[],
  verdict: string,
  order: RowOrder,
): readonly ComparedProperty[] {
  const shown = rows.filter((row) => verdict === "all" || row.verdict === verdict);
  const difference = ({ left, right }: ComparedProperty) =>
    left === null || right === null ? -1 : Math.abs(left - right);
  switch (order) {
    case "report":
      return shown;
    case "verdict":
      return shown.toSorted((a, b) => verdictOrder.indexOf(a.verdict) - verdictOrder.indexOf(b.verdict));
    case "difference":
      return shown.toSorted((a, b) => difference(b) - difference(a));
  }
}

export const comparedRange = (rows: readonly ComparedProperty[]): Range =>
  figureRange(
    rows.flatMap((row) => [
      ...[row.left, row.right, row.leftNull, row.rightNull],
      ...[row.leftInterval, row.rightInterval, row.leftRange, row.rightRange].flatMap((ends) => ends ?? []),
    ]),
  );

/** Numbers on the axis of the lanes. */
export function lanesHead(range: Range, width: number): Scene {
  const marks = [0, range.upper].map((value): Mark => {
    const x = place(value, range, edge, width - edge);
    return { kind: "text", x, y: 8, text: tickLabel(value), anchor: "middle", ink: "muted" };
  });
  return { width, height: 16, marks };
}

/** Both models of a property on one axis, the left one above, each with the range over its twins below it. */
export function lanes(row: ComparedProperty, names: Names, range: Range, width: number): Scene {
  const [left, right] = [edge, width - edge];
  const line = (value: number): Mark => {
    const x = place(value, range, left, right);
    return { kind: "line", x1: x, x2: x, y1: 0, y2: 34, ink: "line" };
  };
  return {
    width,
    height: 34,
    marks: [
      line(0),
      line(range.upper),
      ...([0, 1] as const).flatMap((side): Mark[] => {
        const of = sideOf(row, side);
        const y = 8 + 16 * side;
        const title = `${names[side]}: ${sideWords(row, side)}`;
        const marks = whisker(
          { value: of.value, interval: of.interval, reference: of.null, band: null, title },
          y,
          range,
          left,
          right,
        );
        const twins = of.range?.map((end) => place(end, range, left, right));
        const [low, high] = [twins?.[0] ?? 0, twins?.[1] ?? 0];
        const span = Math.max(3, high - low);
        const bar: Mark[] = twins
          ? [{ kind: "rect", x: (low + high - span) / 2, y: y + 6, width: span, height: 3, ink: "fourth", title }]
          : [];
        return [...bar, ...outside(of.value, y, range, width), ...(side === 0 ? marks : marks.map(asRight))];
      }),
    ],
  };
}

/** The right model's marks have another colour and another shape. */
export function asRight(mark: Mark): Mark {
  if (mark.ink !== "accent") return mark;
  return mark.kind === "dot"
    ? { ...mark, kind: "triangle", radius: mark.radius + 0.5, ink: "third" }
    : { ...mark, ink: "third" };
}

export function sideOf(row: ComparedProperty, side: 0 | 1) {
  return side === 0
    ? { value: row.left, interval: row.leftInterval, range: row.leftRange, null: row.leftNull, n: row.n[0] }
    : { value: row.right, interval: row.rightInterval, range: row.rightRange, null: row.rightNull, n: row.n[1] };
}

export function sideWords(row: ComparedProperty, side: 0 | 1): string {
  const of = sideOf(row, side);
  return [
    `${figure(of.value)} ${interval(of.interval)}`.trim(),
    of.null === null ? "" : `${strings.comparedLegend.null} ${figure(of.null)}`,
    of.range === null ? "" : strings.moves(figure(of.range[0]), figure(of.range[1])),
  ]
    .filter((text) => text !== "")
    .join(", ");
}

const edge = 8;

/** The whole table as a picture: a heading for each property, a row for each model. */
export function comparedPlot(rows: readonly ComparedProperty[], names: Names, width: number, measure: Measure): Scene {
  const groups = rows.map((row) => ({
    heading: `${row.property}: ${verdictWords[row.verdict]}`,
    rows: ([0, 1] as const).map((side) => {
      const of = sideOf(row, side);
      return {
        label: names[side],
        text: figure(of.value),
        value: of.value,
        interval: of.interval,
        reference: of.null,
        band: of.range,
        title: sideWords(row, side),
      };
    }),
  }));
  return dotPlot(groups, { width, range: comparedRange(rows), measure });
}

export function comparedTable(rows: readonly ComparedProperty[], names: Names): TableModel {
  const numeric = (label: string) => ({ label, numeric: true });
  const number = (value: number | null) => cell(significant(value), value);
  const holds = (value: boolean | null) =>
    cell(value === null ? strings.unknown : value ? strings.yes : strings.no, value);
  const sides = [0, 1] as const;
  return {
    columns: [
      { label: strings.property, wide: true },
      ...sides.flatMap((side) =>
        [
          strings.value,
          `${strings.interval}, lower`,
          `${strings.interval}, upper`,
          strings.nullColumn,
          strings.twinsLow,
          strings.twinsHigh,
          strings.n,
          strings.holdsColumn,
        ].map((label) => numeric(`${names[side]}: ${label}`)),
      ),
      { label: strings.verdict },
      { label: strings.equivalent, wide: true },
      { label: strings.inWords, wide: true },
    ],
    rows: rows.map((row) => [
      cell(row.property),
      ...sides.flatMap((side) => {
        const of = sideOf(row, side);
        return [
          number(of.value),
          number(of.interval?.[0] ?? null),
          number(of.interval?.[1] ?? null),
          number(of.null),
          number(of.range?.[0] ?? null),
          number(of.range?.[1] ?? null),
          cell(String(of.n), of.n),
          holds(row.holds[side]),
        ];
      }),
      cell(verdictWords[row.verdict], row.verdict),
      cell(identifiableWords(row.identifiable), row.identifiable),
      cell(row.words),
    ]),
  };
}
