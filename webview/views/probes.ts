import type { ProbeResult, Report } from "../../src/protocol/report";
import type { Drawing } from "../charts/drawing";
import { frame } from "../charts/frame";
import { drawLayerCurve } from "../charts/layerCurve";
import { h } from "../dom";
import type { LegendEntry } from "../figures/legend";
import { probeSeries, readProbes } from "../figures/probeSeries";
import type { ProbeSeries } from "../figures/probeSeries";
import { cell } from "../figures/table";
import type { TableModel } from "../figures/table";
import { figure, fileName, significant } from "../format";
import { probeKindNames, strings } from "../strings";
import { absent, sectionWarnings, selector, verdicts } from "./controls";
import type { View } from "./view";

export const probesView: View = {
  fields: ["probes", "summary", "warnings", "settings"],
  render: (context) => {
    const all = probeSeries(context.report.probes ?? []);
    const series = all.find(({ key }) => key === context.choice("probe", "")) ?? all[0];
    if (!series) return absent("probes", context);
    const options = all.map((one) => ({ value: one.key, label: seriesName(one) }));
    const [first] = series.results;
    return h(
      "div",
      { class: "stack" },
      h("p", { class: "verdict", "data-testid": "verdict-probes" }, probeSentence(series)),
      h("div", { class: "controls" }, selector("probe", strings.task, options, series.key, context)),
      first && h("p", { class: "muted" }, strings.units(first.n, first.classes, first.heldOut)),
      frame(
        {
          id: "probes",
          title: `${strings.accuracyTitle}, ${seriesName(series)}`,
          fileName: fileName(context.report.relation?.name ?? "", "probes", seriesName(series)),
          table: probeTable(series.results),
          legend,
          draw: (container) => drawProbes(container, series, false),
        },
        context,
      ),
      verdicts("probes", context.report, true),
      sectionWarnings("probes", context.report),
    );
  },
};

const legend: readonly LegendEntry[] = [
  { mark: { curve: "main", index: 0 }, text: strings.accuracy },
  { mark: "accentBand", text: strings.band },
  { mark: { curve: "majority", index: 1 }, text: strings.majority },
  { mark: { curve: "control", index: 2 }, text: strings.control },
  { mark: { curve: "controlUpper", index: 3 }, text: strings.controlUpper },
];

/** The curve of a series with its band, and majority and control as baselines; also drawn small in the overview. */
export function drawProbes(container: HTMLElement, series: ProbeSeries, compact: boolean): Drawing {
  const { results } = series;
  return drawLayerCurve(container, {
    label: `${strings.accuracyTitle}, ${seriesName(series)}. ${probeSentence(series)}`,
    layers: results.map((result) => strings.layerName(result.layer)),
    axis: strings.layerAxis,
    range: { lower: 0, upper: 1 },
    compact,
    curves: [
      {
        name: strings.accuracy,
        role: "main",
        values: results.map((result) => result.accuracy),
        intervals: results.map((result) => result.interval),
      },
      { name: strings.majority, role: "majority", values: results.map((result) => result.majority) },
      { name: strings.control, role: "control", values: results.map((result) => result.control) },
      { name: strings.controlUpper, role: "controlUpper", values: results.map((result) => result.controlUpper) },
    ],
  });
}

export function probeSentence(series: ProbeSeries): string {
  const reading = readProbes(series);
  const { accuracy, layer } = reading.best;
  const at = strings.atLayer(layer);
  switch (reading.kind) {
    case "noSignal":
      return strings.noSignal(accuracy, at, reading.baseline);
    case "inEmbedding":
      return strings.inEmbedding(reading.first.accuracy, accuracy, at);
    case "readable":
      return strings.readable(accuracy, at, reading.baseline);
  }
}

export function seriesName({ kind, context, estimator, pooling }: ProbeSeries): string {
  const parts = [probeKindNames[kind], context ?? ""];
  if (estimator !== "logistic") parts.push(estimator);
  if (pooling !== "last") parts.push(pooling);
  return parts.filter((part) => part !== "").join(" · ");
}

function probeTable(results: readonly ProbeResult[]): TableModel {
  const numeric = (label: string) => ({ label, numeric: true });
  const number = (value: number | null, text = figure(value, 3)) => cell(text, value);
  return {
    columns: [
      { label: strings.layer },
      numeric(strings.accuracy),
      numeric(`${strings.interval}, lower`),
      numeric(`${strings.interval}, upper`),
      numeric(strings.majority),
      numeric(strings.control),
      numeric(strings.controlUpper),
      numeric(strings.selectivity),
      numeric(strings.macroF1),
      numeric(strings.logLoss),
      numeric(strings.auroc),
      numeric(strings.lambda),
      numeric(strings.stability),
      numeric(strings.n),
    ],
    rows: results.map((result) => [
      cell(strings.layerName(result.layer), result.layer),
      number(result.accuracy),
      number(result.interval[0]),
      number(result.interval[1]),
      number(result.majority),
      number(result.control),
      number(result.controlUpper),
      number(result.selectivity),
      number(result.macroF1),
      number(result.logLoss),
      number(result.auroc),
      number(result.lambda, significant(result.lambda)),
      number(result.directionStability),
      number(result.n, String(result.n)),
    ]),
  };
}

/** The series that the overview shows. */
export const firstSeries = (report: Partial<Report>) => probeSeries(report.probes ?? [])[0];
