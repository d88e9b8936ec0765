import type { SteeringResult } from "../../src/protocol/report";
import type { Curve } from "../charts/curveChart";
import { h } from "../dom";
import { depth } from "../figures/linearityRows";
import { tickLabel } from "../figures/scene";
import { cell } from "../figures/table";
import type { TableModel } from "../figures/table";
import { figure, fileName, significant } from "../format";
import { identifiableWords, methodNames, strings } from "../strings";
import { segmented, selector } from "./controls";
import { curveFigure } from "./curveFigure";
import type { ViewContext } from "./view";

/** Success and cost over α: the methods of one layer, or the layers of one method. */
export function steeringCurves(all: readonly SteeringResult[], context: ViewContext): HTMLElement | null {
  const layers = [...new Set(all.map(({ layer }) => layer))].sort((a, b) => depth(a) - depth(b));
  const methods = [...new Set(all.map(({ method }) => method))];
  const byMethod = context.choice("steering-by", "methods") === "methods";
  const layer = layers.find((one) => String(one) === context.choice("steering-layer", "")) ?? layers.at(-1);
  const method = methods.find((one) => one === context.choice("steering-method", "")) ?? methods[0];
  if (layer === undefined || method === undefined) return null;
  const shown = all.filter((one) => (byMethod ? one.layer === layer : one.method === method));
  const groups = byMethod
    ? methods.map((one) => ({ name: methodNames[one], results: shown.filter((r) => r.method === one) }))
    : layers.map((one) => ({ name: strings.atLayer(one), results: shown.filter((r) => r.layer === one) }));
  const drawn = groups.filter(({ results }) => results.length > 0);
  const alphas = [...new Set(shown.map(({ alpha }) => alpha))].sort((a, b) => a - b);
  const at = (results: readonly SteeringResult[], alpha: number) => results.find((one) => one.alpha === alpha);
  const table = steeringTable(shown);
  const common = {
    places: alphas.map(tickLabel),
    positions: alphas,
    axis: strings.alphaAxis,
    table,
    rowOf: (curve: number, place: number) =>
      shown.findIndex((one) => one === at(drawn[curve]?.results ?? [], alphas[place] ?? NaN)),
  };
  const curves = (value: (one: SteeringResult) => number | null, intervals: boolean): Curve[] =>
    drawn.map(({ name, results }, i) => ({
      name,
      role: i === 0 ? "main" : "other",
      values: alphas.map((alpha) => nullable(at(results, alpha), value)),
      ...(intervals ? { intervals: alphas.map((alpha) => at(results, alpha)?.interval ?? null) } : {}),
    }));
  const random: Curve = {
    name: strings.randomSuccess,
    role: "control",
    values: alphas.map((alpha) => at(drawn[0]?.results ?? [], alpha)?.randomSuccessRate ?? null),
  };
  const cost = curves((one) => one.controlKl, false);
  const most = Math.max(0, ...cost.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const [first] = shown;
  const name = context.report.relation?.name ?? "";
  return h(
    "section",
    { class: "stack" },
    h(
      "div",
      { class: "controls" },
      layers.length > 1 &&
        methods.length > 1 &&
        segmented(
          "steering-by",
          strings.curves,
          [
            { value: "methods", label: strings.compareMethods },
            { value: "layers", label: strings.compareLayers },
          ],
          byMethod ? "methods" : "layers",
          context,
        ),
      byMethod
        ? selector(
            "steering-layer",
            strings.layer,
            layers.map((one) => ({ value: String(one), label: strings.layerName(one) })),
            String(layer),
            context,
          )
        : selector(
            "steering-method",
            strings.method,
            methods.map((one) => ({ value: one, label: methodNames[one] })),
            method,
            context,
          ),
    ),
    first && h("p", { class: "muted" }, strings.steeredPrompts(first.n, first.controlN, first.heldOut)),
    h(
      "div",
      { class: "columns even" },
      curveFigure(
        {
          ...common,
          id: "steering",
          title: strings.successTitle,
          fileName: fileName(name, "steering"),
          curves: [
            ...curves((one) => one.successRate, true),
            ...(random.values.some((value) => value !== null) ? [random] : []),
          ],
          range: { lower: 0, upper: 1 },
          legend: [{ mark: "accentBand", text: strings.band }],
        },
        context,
      ),
      cost.some(({ values }) => values.some((value) => value !== null))
        ? curveFigure(
            {
              ...common,
              id: "steering-cost",
              title: strings.controlKlTitle,
              fileName: fileName(name, "steering-cost"),
              curves: cost,
              range: { lower: 0, upper: roundUp(most) },
            },
            context,
          )
        : h("p", { class: "muted" }, strings.noControls),
    ),
  );
}

function nullable<T>(one: T | undefined, value: (one: T) => number | null): number | null {
  return one === undefined ? null : value(one);
}

/** A round number not below the value, and not far above it. */
function roundUp(value: number): number {
  if (value <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  return ([1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((step) => step * unit >= value) ?? 10) * unit;
}

function steeringTable(results: readonly SteeringResult[]): TableModel {
  const numeric = (label: string) => ({ label, numeric: true });
  const number = (value: number | null, text = figure(value)) => cell(text, value);
  return {
    columns: [
      { label: strings.layer },
      { label: strings.method },
      numeric(strings.alpha),
      numeric(strings.successRate),
      numeric(`${strings.interval}, lower`),
      numeric(`${strings.interval}, upper`),
      numeric(strings.randomSuccess),
      numeric(strings.targetLogProbability),
      numeric(strings.sourceLogProbability),
      numeric(strings.controlKl),
      numeric(strings.controlKept),
      numeric(strings.n),
      { label: strings.equivalent, wide: true },
    ],
    rows: results.map((one) => [
      cell(strings.layerName(one.layer), one.layer),
      cell(methodNames[one.method], one.method),
      number(one.alpha),
      number(one.successRate),
      number(one.interval[0]),
      number(one.interval[1]),
      number(one.randomSuccessRate),
      number(one.targetLogProbability),
      number(one.sourceLogProbability),
      number(one.controlKl, significant(one.controlKl)),
      number(one.controlKept),
      number(one.n, String(one.n)),
      cell(identifiableWords(one.identifiable), one.identifiable),
    ]),
  };
}
