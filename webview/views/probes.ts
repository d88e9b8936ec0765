import type { ProbeResult, Report } from "../../src/protocol/report";
import { drawCurves } from "../charts/curveChart";
import type { Curve } from "../charts/curveChart";
import type { Drawing } from "../charts/drawing";
import { h } from "../dom";
import { depth } from "../figures/linearityRows";
import { bestOf, nonLinearGap, probeTasks } from "../figures/probeSeries";
import type { ProbeSeries, ProbeTask } from "../figures/probeSeries";
import { probeTable } from "../figures/probeTable";
import { probeVerdict } from "../figures/verdicts";
import { figure, fileName } from "../format";
import { poolingNames, probeEstimatorNames, probeKindNames, strings } from "../strings";
import { capitalised } from "../strings/words";
import { absent, sectionWarnings, segmented, selector, verdicts } from "./controls";
import { curveFigure } from "./curveFigure";
import { probeTransfer } from "./probeTransfer";
import type { View, ViewContext } from "./view";

/** In place of a pooling: the logistic probe with each of them. */
const compare = "compare";

export const probesView: View = {
  fields: ["probes", "probeTransfer", "prompts", "relation", "summary", "warnings", "settings"],
  render: (context) => {
    const { report } = context;
    const tasks = probeTasks(report.probes ?? []);
    const task = tasks.find(({ key }) => key === context.choice("probe", "")) ?? tasks[0];
    const trained = task?.series.filter(({ estimator }) => estimator === "logistic") ?? [];
    const pooling = context.choice("pooling", "");
    const series = trained.find((one) => one.pooling === pooling) ?? trained[0] ?? task?.series[0];
    if (!task || !series) return absent("probes", context);
    const comparing = pooling === compare && trained.length > 1;
    const others = comparing
      ? trained.filter((one) => one !== series)
      : task.series.filter((one) => one.estimator !== series.estimator && one.pooling === series.pooling);
    const [first] = series.results;
    return h(
      "div",
      { class: "stack" },
      h("p", { class: "verdict", "data-testid": "verdict-probes" }, probeSentence(series, report)),
      h(
        "div",
        { class: "controls" },
        selector(
          "probe",
          strings.task,
          tasks.map((one) => ({ value: one.key, label: taskName(one) })),
          task.key,
          context,
        ),
        trained.length > 1 &&
          segmented(
            "pooling",
            strings.pooling,
            [
              ...trained.map((one) => ({ value: one.pooling, label: poolingNames[one.pooling] })),
              { value: compare, label: strings.comparePoolings },
            ],
            comparing ? compare : series.pooling,
            context,
          ),
      ),
      first && h("p", { class: "muted" }, strings.units(first.n, first.classes, first.heldOut)),
      curves(task, series, others, comparing, context),
      ...(comparing ? [] : remarks(series, others)),
      probeTransfer(task, context),
      verdicts("probes", report, true),
      sectionWarnings("probes", report),
    );
  },
};

function curves(
  task: ProbeTask,
  series: ProbeSeries,
  others: readonly ProbeSeries[],
  comparing: boolean,
  context: ViewContext,
): HTMLElement {
  const drawn = [series, ...others];
  const layers = [...new Set(drawn.flatMap(({ results }) => results.map(({ layer }) => layer)))].sort(
    (a, b) => depth(a) - depth(b),
  );
  const found = drawn.map(({ results }) => layers.map((layer) => results.find((result) => result.layer === layer)));
  const rows = drawn.flatMap(({ results }) => results);
  const name = ({ estimator, pooling }: ProbeSeries) =>
    comparing ? poolingNames[pooling] : probeEstimatorNames[estimator];
  const title = `${strings.accuracyTitle}, ${taskName(task)}`;
  return curveFigure(
    {
      id: "probes",
      title,
      spoken: probeSentence(series, context.report),
      fileName: fileName(context.report.relation?.name ?? "", "probes", taskName(task)),
      places: layers.map(strings.layerName),
      lastApart: layers.at(-1) === "final",
      axis: strings.layerAxis,
      range: { lower: 0, upper: 1 },
      curves: [
        ...drawn.map((one, i): Curve => ({
          name: name(one),
          role: i === 0 ? "main" : "other",
          values: (found[i] ?? []).map((result) => result?.accuracy ?? null),
          intervals: (found[i] ?? []).map((result) => result?.interval ?? null),
        })),
        ...references(found[0] ?? []),
      ],
      legend: [{ mark: "accentBand", text: strings.band }],
      table: probeTable(rows, context.report),
      rowOf: (curve, place) => {
        const result = found[curve]?.[place];
        return result ? rows.indexOf(result) : -1;
      },
    },
    context,
  );
}

function references(results: readonly (ProbeResult | undefined)[]): Curve[] {
  const all: Curve[] = [
    { name: strings.majority, role: "majority", values: results.map((result) => result?.majority ?? null) },
    { name: strings.control, role: "control", values: results.map((result) => result?.control ?? null) },
    { name: strings.controlUpper, role: "controlUpper", values: results.map((result) => result?.controlUpper ?? null) },
  ];
  return all.filter(({ values }) => values.some((value) => value !== null));
}

/** In words: what the MLP adds, and whether the linear map's own probe says the same. */
function remarks(series: ProbeSeries, others: readonly ProbeSeries[]): HTMLElement[] {
  const mlp = others.find(({ estimator }) => estimator === "mlp");
  const gap = mlp && nonLinearGap(series, mlp);
  const compared = others.find(({ estimator }) => estimator === "implied")?.results.at(-1);
  const against = compared?.againstTrained ?? null;
  const texts = [
    gap ? strings.nonLinearGap(gap.gap, strings.atLayer(gap.layer), gap.mlp, gap.linear) : null,
    compared && against
      ? strings.impliedAgreement(
          against.agreement,
          strings.atLayer(compared.layer),
          against.cosines.map((c) => figure(c)).join(", "),
        )
      : null,
  ];
  return texts.flatMap((text) => (text === null ? [] : [h("p", { "data-testid": "probe-remark" }, text)]));
}

/** The curve of a series with its band and its references, small, for the overview. */
export function drawProbes(container: HTMLElement, series: ProbeSeries, report: Partial<Report>): Drawing {
  const { results } = series;
  return drawCurves(container, {
    label: `${strings.accuracyTitle}. ${probeSentence(series, report)}`,
    places: results.map((result) => strings.layerName(result.layer)),
    axis: strings.layerAxis,
    range: { lower: 0, upper: 1 },
    compact: true,
    curves: [
      {
        name: strings.accuracy,
        role: "main",
        values: results.map((result) => result.accuracy),
        intervals: results.map((result) => result.interval),
      },
      ...references(results),
    ],
  });
}

/** The report's verdict on f where it has one, and the best accuracy. */
export function probeSentence(series: ProbeSeries, report: Partial<Report>): string {
  const final = series.results.find(({ layer }) => layer === "final");
  const best = bestOf(series);
  const verdict = final ? probeVerdict(report, final) : null;
  const accuracy = strings.bestAccuracy(best.accuracy, strings.atLayer(best.layer), final?.accuracy ?? null);
  return verdict === null ? accuracy : `${capitalised(verdict)}. ${accuracy}`;
}

export function taskName({ kind, context }: Pick<ProbeTask, "kind" | "context">): string {
  return [probeKindNames[kind], context ?? ""].filter((part) => part !== "").join(" · ");
}

/** The series that the overview shows. */
export const firstSeries = (report: Partial<Report>) => probeTasks(report.probes ?? [])[0]?.series[0];
