import type { SubspaceAlignment } from "../../src/protocol/report";
import { h } from "../dom";
import { layerMatrix } from "../figures/alignments";
import { overlapDomain } from "../figures/colourScale";
import { alignmentTable } from "../figures/subspaceTables";
import { fileName, pValue } from "../format";
import { strings } from "../strings";
import { selector } from "./controls";
import { rowFacts } from "./detail";
import { matrixFigure } from "./matrixFigure";
import { templateName } from "./templateNames";
import type { ViewContext } from "./view";

/** How far one phrasing's subspace stays the same from layer to layer. */
export function betweenLayers(all: readonly SubspaceAlignment[], context: ViewContext): HTMLElement | null {
  const { relation } = context.report;
  const templates = [...new Set(all.map(({ left }) => left))];
  const template = templates.find((one) => one === context.choice("layers-of", "")) ?? templates[0];
  if (template === undefined) return null;
  const alignments = all.filter(({ left }) => left === template);
  const { layers, matrix, at } = layerMatrix(alignments);
  const table = alignmentTable(alignments, context.report);
  const names = layers.map(strings.layerName);
  return matrixFigure(
    {
      id: "subspace-layers",
      title: strings.betweenLayers,
      fileName: fileName(relation?.name ?? "", "subspace-layers"),
      labels: names,
      names: layers.map(strings.atLayer),
      matrix,
      domain: overlapDomain,
      quantity: strings.overlap,
      lines: (row, column) => {
        const one = at(row, column);
        return one ? [`p ${pValue(one.p)}`] : [];
      },
      detail: (row, column) => {
        const one = at(row, column);
        return one ? rowFacts(table, alignments.indexOf(one)) : h("p", { class: "muted" }, strings.notCompared);
      },
      ...(templates.length > 1
        ? {
            above: selector(
              "layers-of",
              strings.template,
              templates.map((value) => ({ value, label: templateName(value, relation?.templates ?? templates) })),
              template,
              context,
            ),
          }
        : { below: template }),
    },
    context,
  );
}
