import type { LogOddsMatching } from "../../src/protocol/report";
import { figure, interval, pairLabel, significant } from "../format";
import { strings } from "../strings";
import { dotPlot } from "./dotPlot";
import type { DotRow } from "./dotPlot";
import { roundTicks } from "./lineScene";
import type { Measure, Range, Scene } from "./scene";
import { cell } from "./table";
import type { TableModel } from "./table";

/** More rows than this are a long way to scroll; the table has all. */
export const mostRows = 30;

/** Mean log-odds of each pair, with whiskers of one standard deviation over the contexts. */
export function logOddsPlot({ pairs, concept }: LogOddsMatching, width: number, measure: Measure): Scene {
  const rows = evenly(pairs, mostRows).map(({ from, to, mean, spread }): DotRow => {
    const label = pairLabel({ from, to });
    const title = `${label}: ${figure(mean)} ± ${figure(spread)} ${strings.nats}`;
    return {
      label,
      text: figure(mean),
      note: `± ${figure(spread)}`,
      value: mean,
      interval: [mean - spread, mean + spread],
      reference: null,
      band: null,
      title,
    };
  });
  const range = outward([0, concept, ...rows.flatMap((row) => [...(row.interval ?? [])])]);
  return dotPlot([{ heading: null, rows }], { width, range, measure, ticks: roundTicks(range, width > 420 ? 7 : 4) });
}

/** The relation's spread and distance beside those of random word pairs. */
export function spreadPlot(found: LogOddsMatching, width: number, measure: Measure): Scene {
  const row = (label: string, value: number, ends: DotRow["interval"], reference: number): DotRow => ({
    label,
    text: figure(value),
    value,
    interval: ends,
    reference,
    band: null,
    title: `${label}: ${significant(value)} ${interval(ends)}; ${strings.random} ${significant(reference)}`,
  });
  const rows = [
    {
      ...row(strings.spread, found.spread, found.interval, found.randomSpread),
      band: [found.randomSpreadLower, found.randomSpread] as const,
    },
    row(strings.distance, found.distance, null, found.randomDistance),
  ];
  const range = outward([0, ...rows.flatMap((one) => [one.value, one.reference, ...(one.interval ?? [])])]);
  return dotPlot([{ heading: null, rows }], { width, range, measure, ticks: roundTicks(range, 5) });
}

export function logOddsTable({ pairs }: LogOddsMatching): TableModel {
  return {
    columns: [
      { label: strings.pairA },
      { label: `${strings.meanColumn} (${strings.nats})`, numeric: true },
      { label: `${strings.spreadColumn} (${strings.nats})`, numeric: true },
    ],
    rows: pairs.map(({ from, to, mean, spread }) => [
      cell(pairLabel({ from, to })),
      cell(figure(mean, 3), mean),
      cell(figure(spread, 3), spread),
    ]),
  };
}

export function spreadTable(found: LogOddsMatching): TableModel {
  const number = (value: number | null) => cell(significant(value), value);
  const numeric = (label: string) => ({ label, numeric: true });
  return {
    columns: [
      { label: strings.figureColumn },
      numeric(strings.value),
      numeric(`${strings.interval}, lower`),
      numeric(`${strings.interval}, upper`),
      numeric(strings.random),
      numeric(strings.randomLower),
    ],
    rows: [
      [
        cell(strings.spread),
        number(found.spread),
        number(found.interval?.[0] ?? null),
        number(found.interval?.[1] ?? null),
        number(found.randomSpread),
        number(found.randomSpreadLower),
      ],
      [
        cell(strings.distance),
        number(found.distance),
        number(null),
        number(null),
        number(found.randomDistance),
        number(null),
      ],
      [cell(strings.ownLogOdds), number(found.concept), number(null), number(null), number(null), number(null)],
    ],
  };
}

/** Some of many, at even steps through all. */
export function evenly<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)]).filter(
    (one) => one !== undefined,
  );
}

/** From the least to the greatest, out to round numbers. */
function outward(values: readonly (number | null)[]): Range {
  const finite = values.filter((value): value is number => value !== null && Number.isFinite(value));
  const [least, greatest] = [Math.min(...finite), Math.max(...finite)];
  const span = Math.max(1e-9, greatest - least);
  const unit = 10 ** Math.floor(Math.log10(span)) / 2;
  return { lower: Math.floor(least / unit) * unit, upper: Math.ceil(greatest / unit) * unit };
}
