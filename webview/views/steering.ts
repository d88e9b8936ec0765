import type { Report, SteeringExample } from "../../src/protocol/report";
import { frame } from "../charts/frame";
import { h } from "../dom";
import { cosineDomain } from "../figures/colourScale";
import { cell } from "../figures/table";
import type { TableModel } from "../figures/table";
import { figure, fileName, token } from "../format";
import { identifiableWords, methodNames, strings } from "../strings";
import { capitalised } from "../strings/words";
import { textPair } from "./continuations";
import { absent, sectionWarnings, verdicts } from "./controls";
import { promptColumns } from "./detail";
import { matrixFigure } from "./matrixFigure";
import { steerLive } from "./steerLive";
import { steeringCurves } from "./steeringCurves";
import type { View, ViewContext } from "./view";

export const steeringView: View = {
  fields: ["steering", "steeringExamples", "coupling", "prompts", "relation", "summary", "warnings", "settings"],
  render: (context) => {
    const { steering = [], steeringExamples = [], coupling } = context.report;
    const nothing = steering.length === 0 && steeringExamples.length === 0 && !coupling;
    if (nothing) return h("div", { class: "stack" }, absent("steering", context), steerLive(context));
    return h(
      "div",
      { class: "stack" },
      verdicts("steering", context.report),
      steerLive(context),
      steeringCurves(steering, context),
      steeringExamples.length > 0 && examples(steeringExamples, context),
      couplingMap(context),
      sectionWarnings("steering", context.report),
    );
  },
};

function examples(all: readonly SteeringExample[], context: ViewContext): HTMLElement {
  const table: TableModel = {
    columns: [
      { label: strings.prompt, wide: true },
      { label: strings.answer },
      { label: strings.target },
      { label: strings.layer },
      { label: strings.method },
      { label: strings.alpha, numeric: true },
      { label: strings.without, wide: true },
      { label: strings.with, wide: true },
    ],
    rows: all.map((one) => [
      cell(one.prompt),
      cell(token(one.from.text), one.from.text),
      cell(token(one.to.text), one.to.text),
      cell(strings.layerName(one.layer), one.layer),
      cell(methodNames[one.method], one.method),
      cell(figure(one.alpha), one.alpha),
      cell(one.without),
      cell(one.with),
    ]),
  };
  return frame(
    {
      id: "steering-examples",
      title: strings.examplesTitle,
      fileName: fileName(context.report.relation?.name ?? "", "steering-examples"),
      table,
      show: () => h("div", { class: "examples", "data-testid": "steering-examples" }, ...all.map(example)),
    },
    context,
  );
}

function example({ prompt, from, to, layer, method, alpha, without, with: steered }: SteeringExample): HTMLElement {
  return h(
    "article",
    { class: "example" },
    h(
      "p",
      { class: "muted" },
      `${strings.steerTo(token(from.text), token(to.text))} · ${strings.atLayer(layer)} · ${methodNames[method]} · ${strings.alphaValue(alpha)}`,
    ),
    textPair(prompt, without, steered),
  );
}

function couplingMap(context: ViewContext): HTMLElement | null {
  const { coupling, relation, prompts = [] }: Partial<Report> = context.report;
  if (!coupling) return null;
  const { names, matrix, identifiable } = coupling;
  return matrixFigure(
    {
      id: "coupling",
      title: strings.couplingTitle,
      fileName: fileName(relation?.name ?? "", "coupling"),
      labels: names.map((name) => name.trim()),
      names: names.map((name) => name.trim()),
      matrix,
      domain: cosineDomain,
      quantity: strings.coupling,
      axes: [strings.moved, strings.readOff],
      below: `${strings.couplingHint} ${capitalised(identifiableWords(identifiable))}.`,
      detail: (row, column) =>
        promptColumns((row === column ? [row] : [row, column]).map((i) => behind(names[i] ?? ""))),
    },
    context,
  );

  /** A direction is an answer's, or that of a whole relation. */
  function behind(name: string) {
    const own = prompts.filter(({ answerToken }) => name === relation?.name || answerToken.text === name);
    return { heading: name.trim(), prompts: own.slice(0, 3) };
  }
}
