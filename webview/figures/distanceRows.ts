import type { DistributionDistances, EquivalenceFigure, LinearEquivalence } from "../../src/protocol/report";
import { figure, interval, significant } from "../format";
import { equivalenceNames, identifiableWords, strings } from "../strings";
import { dotPlot } from "./dotPlot";
import type { DotGroup, DotRow } from "./dotPlot";
import { figureRange } from "./scene";
import type { Measure, Range, Scene } from "./scene";
import { stacked } from "./stack";
import { cell } from "./table";
import type { TableModel } from "./table";

/** Distances over one set of contexts. */
export interface DistanceSet {
  readonly name: string;
  readonly distances: DistributionDistances;
}

const divergences = [
  ["jensenShannon", strings.jensenShannon],
  ["kl", strings.klForward],
  ["klBackward", strings.klBackward],
] as const;

/** Divergences in nats on one axis, shares and d_LLV on axes of their own. */
export function distancePlot(sets: readonly DistanceSet[], width: number, measure: Measure): Scene {
  const group = (set: DistanceSet, rows: readonly DotRow[]): DotGroup => ({ heading: set.name, rows });
  const nats = sets.map((set) =>
    group(
      set,
      divergences.map(([key, name]) => row(name, set.distances[key], set.distances.intervals[key], strings.nats)),
    ),
  );
  const rest = sets.map((set) =>
    group(set, [row(strings.sameTop, set.distances.sameTopToken, set.distances.intervals.sameTopToken)]),
  );
  const variances = sets
    .filter(({ distances }) => distances.logLikelihoodVariance !== null)
    .map((set) => group(set, [row(strings.logLikelihoodVariance, set.distances.logLikelihoodVariance, null)]));
  const upper = (groups: readonly DotGroup[], least: number): Range => ({
    lower: 0,
    upper: Math.max(
      least,
      ...groups.flatMap(({ rows }) => rows.flatMap((one) => [one.value ?? 0, one.interval?.[1] ?? 0])),
    ),
  });
  return stacked([
    dotPlot(nats, { width, measure, range: upper(nats, 0.1) }),
    dotPlot(rest, { width, measure, range: { lower: 0, upper: 1 } }),
    ...(variances.length > 0 ? [dotPlot(variances, { width, measure, range: upper(variances, 1) })] : []),
  ]);
}

function row(label: string, value: number | null, ends: DotRow["interval"], unit = ""): DotRow {
  const text = value !== null && Math.abs(value) < 0.005 && value !== 0 ? significant(value, 2) : figure(value);
  const title = `${label}: ${significant(value)} ${unit} ${interval(ends, 3)}`.trim();
  return { label, text, value, interval: ends, reference: null, band: null, title };
}

export function distanceTable(sets: readonly DistanceSet[]): TableModel {
  const numeric = (label: string) => ({ label, numeric: true });
  const number = (value: number | null) => cell(significant(value), value);
  return {
    columns: [
      { label: strings.contextsColumn, wide: true },
      { label: strings.figureColumn },
      numeric(strings.value),
      numeric(`${strings.interval}, lower`),
      numeric(`${strings.interval}, upper`),
      numeric(strings.n),
    ],
    rows: sets.flatMap(({ name, distances }) =>
      [
        ...divergences.map(
          ([key, label]) => [`${label} (${strings.nats})`, distances[key], distances.intervals[key]] as const,
        ),
        [strings.sameTop, distances.sameTopToken, distances.intervals.sameTopToken] as const,
        [strings.logLikelihoodVariance, distances.logLikelihoodVariance, null] as const,
      ].map(([label, value, ends]) => [
        cell(name),
        cell(label),
        number(value),
        number(ends?.[0] ?? null),
        number(ends?.[1] ?? null),
        cell(String(distances.n), distances.n),
      ]),
    ),
  };
}

/** R², correlation and CKA; d_SVD, of which 0 is the best, has an axis of its own. */
const similarities: readonly EquivalenceFigure[] = [
  "r2Forward",
  "r2Backward",
  "meanCanonicalCorrelation",
  "cka",
  "ckaEuclidean",
  "r2Euclidean",
];
const all: readonly EquivalenceFigure[] = [...similarities.slice(0, 4), "dSvd", ...similarities.slice(4)];

export function equivalencePlot(equivalence: LinearEquivalence, width: number, measure: Measure): Scene {
  const rowOf = (key: EquivalenceFigure): DotRow => {
    const { value, interval: ends, nullMean, nullUpper } = equivalence.figures[key];
    const name = equivalenceNames[key];
    return {
      ...row(name, value, ends),
      reference: nullMean,
      band:
        nullMean === null || nullUpper === null ? null : [Math.min(nullMean, nullUpper), Math.max(nullMean, nullUpper)],
      title: `${name}: ${significant(value, 4)} ${interval(ends, 3)}; ${strings.nullMean} ${figure(nullMean, 3)}`,
    };
  };
  const ofBasis = (key: EquivalenceFigure) => equivalence.figures[key].identifiable === "never";
  const groups = [
    { heading: strings.sameInEquivalent, rows: similarities.filter((key) => !ofBasis(key)).map(rowOf) },
    { heading: strings.ofBasis, rows: similarities.filter(ofBasis).map(rowOf) },
  ].filter(({ rows }) => rows.length > 0);
  const values = groups.flatMap(({ rows }) =>
    rows.flatMap((one) => [one.value, one.reference, ...(one.interval ?? []), ...(one.band ?? [])]),
  );
  const distance = rowOf("dSvd");
  const upper = Math.max(1, ...[distance.value, distance.interval?.[1], distance.band?.[1]].map((one) => one ?? 0));
  return stacked([
    dotPlot(groups, { width, measure, range: figureRange(values) }),
    dotPlot([{ heading: strings.unitless, rows: [distance] }], { width, measure, range: { lower: 0, upper } }),
  ]);
}

export function equivalenceTable(equivalence: LinearEquivalence): TableModel {
  const numeric = (label: string) => ({ label, numeric: true });
  const number = (value: number | null) => cell(significant(value, 4), value);
  return {
    columns: [
      { label: strings.figureColumn },
      numeric(strings.value),
      numeric(`${strings.interval}, lower`),
      numeric(`${strings.interval}, upper`),
      numeric(strings.nullMean),
      numeric(strings.nullUpper),
      { label: strings.equivalent, wide: true },
    ],
    rows: all.map((key) => {
      const { value, interval: ends, nullMean, nullUpper, identifiable } = equivalence.figures[key];
      return [
        cell(equivalenceNames[key]),
        number(value),
        number(ends?.[0] ?? null),
        number(ends?.[1] ?? null),
        number(nullMean),
        number(nullUpper),
        cell(identifiableWords(identifiable), identifiable),
      ];
    }),
  };
}
