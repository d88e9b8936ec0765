import type { SubspaceAlignment } from "../../src/protocol/report";
import { h } from "../dom";
import { commonLayers, comparing, layersOf } from "../figures/alignments";
import { overlapDomain } from "../figures/colourScale";
import { alignmentTable, overlapMatrix, spaces } from "../figures/subspaceTables";
import type { Space } from "../figures/subspaceTables";
import { fileName, pValue } from "../format";
import { strings } from "../strings";
import { conceptDirections } from "./conceptDirections";
import { absent, sectionWarnings, selector, templateKey, verdicts } from "./controls";
import { phrasingPrompts, rowFacts } from "./detail";
import { erasure } from "./erasure";
import { betweenLayers } from "./layerOverlap";
import { matrixFigure } from "./matrixFigure";
import { cosines, overlaps } from "./overlaps";
import type { View, ViewContext } from "./view";

export const subspacesView: View = {
  fields: ["subspaces", "conceptDirections", "erasure", "prompts", "relation", "summary", "warnings", "settings"],
  render: (context) => {
    const { subspaces = [], conceptDirections: concepts, erasure: erased = [] } = context.report;
    if (subspaces.length === 0 && !concepts && erased.length === 0) return absent("subspaces", context);
    const relations = comparing(subspaces, "relations");
    return h(
      "div",
      { class: "stack" },
      verdicts("subspaces", context.report),
      betweenTemplates(comparing(subspaces, "templates"), context),
      betweenLayers(comparing(subspaces, "layers"), context),
      relations.length > 0 &&
        overlaps(
          {
            id: "subspace-relations",
            title: strings.betweenRelations,
            alignments: relations,
            name: ({ left, right }) => `${left} – ${right}`,
          },
          context,
        ),
      conceptDirections(context),
      erasure(context),
      sectionWarnings("subspaces", context.report),
    );
  },
};

/** Phrasings at one layer: overlaps against their expectation, as a map, and the principal angles behind them. */
function betweenTemplates(all: readonly SubspaceAlignment[], context: ViewContext): HTMLElement | null {
  const layers = commonLayers(all);
  const layer = layers.find((one) => String(one) === context.choice("subspace-layer", "")) ?? layers.at(-1);
  if (layer === undefined) return null;
  const alignments = all.filter((one) => layersOf(one)[0] === layer);
  const named = spaces(alignments, context.report.relation?.templates ?? []);
  const name = (alignment: SubspaceAlignment) => {
    const letter = (text: string) => named.find((space) => space.text === text)?.letter ?? text;
    return `${letter(alignment.left)} – ${letter(alignment.right)}`;
  };
  return h(
    "section",
    { class: "stack" },
    layers.length > 1 &&
      h(
        "div",
        { class: "controls" },
        selector(
          "subspace-layer",
          strings.layer,
          layers.map((one) => ({ value: String(one), label: strings.layerName(one) })),
          String(layer),
          context,
        ),
      ),
    h(
      "p",
      { class: "muted" },
      `${strings.atLayer(layer)}; ${strings.draws(Math.max(...alignments.map((one) => one.draws)))}`,
    ),
    templateKey(named),
    h(
      "div",
      { class: "columns" },
      overlaps({ id: "subspaces", title: strings.overlapTitle, alignments, name }, context),
      named.length > 2 && overlapMap(alignments, named, context),
    ),
    cosines(alignments, name, context),
  );
}

function overlapMap(alignments: readonly SubspaceAlignment[], named: readonly Space[], context: ViewContext) {
  const matrix = overlapMatrix(alignments, named).map((row) =>
    row.map((value) => (Number.isNaN(value) ? null : value)),
  );
  const text = (i: number) => named[i]?.text ?? "";
  const table = alignmentTable(alignments, context.report);
  const between = (row: number, column: number) =>
    alignments.findIndex(
      ({ left, right }) =>
        (left === text(row) && right === text(column)) || (left === text(column) && right === text(row)),
    );
  return matrixFigure(
    {
      id: "subspace-map",
      title: strings.overlapMapTitle,
      fileName: fileName(context.report.relation?.name ?? "", "subspace-overlap"),
      labels: named.map((space) => space.letter),
      names: named.map((space) => space.text),
      matrix,
      domain: overlapDomain,
      quantity: strings.overlap,
      narrow: true,
      lines: (row, column) => {
        const one = alignments[between(row, column)];
        return one ? [`p ${pValue(one.p)}`] : [];
      },
      detail: (row, column) =>
        h(
          "div",
          { class: "stack" },
          row !== column && rowFacts(table, between(row, column)),
          phrasingPrompts(context.report.prompts ?? [], [text(row), text(column)], [text(row), text(column)]),
        ),
    },
    context,
  );
}
