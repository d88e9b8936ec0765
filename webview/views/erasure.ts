import type { ErasureResult } from "../../src/protocol/report";
import type { Curve } from "../charts/curveChart";
import { h } from "../dom";
import { cell } from "../figures/table";
import type { TableModel } from "../figures/table";
import { figure, fileName, significant } from "../format";
import { strings } from "../strings";
import { selector } from "./controls";
import { curveFigure } from "./curveFigure";
import { templateLetter, templateName } from "./templateNames";
import type { ViewContext } from "./view";

const shareRange = { lower: 0, upper: 1 };

/** What is left of the answers when the relation's subspace is removed after a layer, and of the control relations'. */
export function erasure(context: ViewContext): HTMLElement | null {
  const { erasure: all = [], relation } = context.report;
  const templates = [...new Set(all.map(({ template }) => template))];
  const template = templates.find((one) => one === context.choice("erasure-of", "")) ?? templates[0];
  if (template === undefined) return null;
  const results = all.filter((one) => one.template === template).toSorted((a, b) => a.layer - b.layer);
  const [first] = results;
  const ranks = [...new Set(results.map(({ rank }) => rank))].join(", ");
  const places = results.map(({ layer }) => strings.layerName(layer));
  const controls = [...new Set(results.flatMap((one) => one.controls.map(({ relation: name }) => name)))];
  const table = erasureTable(results, relation?.templates ?? templates);
  const controlTable = controlsTable(results);
  const of = (result: ErasureResult, name: string) => result.controls.find((control) => control.relation === name);
  const own: readonly Curve[] = [
    {
      name: strings.erased,
      role: "main",
      values: results.map(({ after }) => after),
      intervals: results.map(({ interval }) => interval),
    },
    {
      name: strings.randomRemoved(first?.randomDraws ?? 0),
      role: "control",
      values: results.map(({ afterRandom }) => afterRandom),
    },
    { name: strings.untouched, role: "majority", values: results.map(({ before }) => before) },
  ];
  return h(
    "section",
    { class: "stack" },
    templates.length > 1 &&
      h(
        "div",
        { class: "controls" },
        selector(
          "erasure-of",
          strings.template,
          templates.map((value) => ({ value, label: templateName(value, relation?.templates ?? templates) })),
          template,
          context,
        ),
      ),
    h("p", { class: "muted" }, strings.erasureHint(ranks, first?.n ?? 0)),
    h(
      "div",
      { class: "columns" },
      curveFigure(
        {
          id: "erasure",
          title: strings.erasureTitle,
          fileName: fileName(relation?.name ?? "", "erasure"),
          places,
          axis: strings.layerAxis,
          curves: own,
          range: shareRange,
          table,
          rowOf: (_, place) => place,
          legend: [{ mark: "accentBand", text: strings.band }],
        },
        context,
      ),
      controls.length > 0 &&
        curveFigure(
          {
            id: "erasure-controls",
            title: strings.erasureControls,
            fileName: fileName(relation?.name ?? "", "erasure-controls"),
            places,
            axis: strings.layerAxis,
            curves: controls.map((name, i) => ({
              name,
              role: i === 0 ? "main" : "other",
              values: results.map((result) => of(result, name)?.after ?? null),
            })),
            range: shareRange,
            table: controlTable,
            rowOf: (curve, place) =>
              results.slice(0, place).reduce((sum, one) => sum + one.controls.length, 0) +
              (results[place]?.controls.findIndex((one) => one.relation === controls[curve]) ?? 0),
          },
          context,
        ),
    ),
  );
}

const numeric = (label: string) => ({ label, numeric: true });
const number = (value: number, text = figure(value)) => cell(text, value);

function erasureTable(results: readonly ErasureResult[], templates: readonly string[]): TableModel {
  return {
    columns: [
      { label: strings.template },
      numeric(strings.layer),
      numeric(strings.rank),
      numeric(strings.n),
      numeric(strings.before),
      numeric(strings.after),
      numeric(`${strings.interval}, lower`),
      numeric(`${strings.interval}, upper`),
      numeric(strings.afterRandom),
      numeric(strings.klOwn),
    ],
    rows: results.map((one) => [
      cell(templateLetter(one.template, templates), one.template),
      number(one.layer, String(one.layer)),
      number(one.rank, String(one.rank)),
      number(one.n, String(one.n)),
      number(one.before),
      number(one.after),
      number(one.interval[0]),
      number(one.interval[1]),
      number(one.afterRandom),
      number(one.kl, significant(one.kl)),
    ]),
  };
}

function controlsTable(results: readonly ErasureResult[]): TableModel {
  return {
    columns: [
      { label: strings.relation },
      numeric(strings.layer),
      numeric(strings.n),
      numeric(strings.before),
      numeric(strings.after),
      numeric(strings.klOwn),
    ],
    rows: results.flatMap(({ layer, controls }) =>
      controls.map((one) => [
        cell(one.relation),
        number(layer, String(layer)),
        number(one.n, String(one.n)),
        number(one.before),
        number(one.after),
        number(one.kl, significant(one.kl)),
      ]),
    ),
  };
}
