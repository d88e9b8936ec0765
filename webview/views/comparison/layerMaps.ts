import type { LayerMap } from "../../../src/protocol/report";
import { h } from "../../dom";
import type { Names } from "../../figures/comparedRows";
import { overlapDomain } from "../../figures/colourScale";
import { withinNull } from "../../figures/withinNull";
import { figure, fileName } from "../../format";
import { strings } from "../../strings";
import { segmented, selector } from "../controls";
import { matrixFigure } from "../matrixFigure";
import { templateName } from "../templateNames";
import type { ViewContext } from "../view";

const measureNames: Readonly<Record<LayerMap["measure"], string>> = {
  cka: strings.cka,
  subspaceOverlap: strings.subspaceOverlap,
};

/** Which layer of one model is like which layer of the other, by what they represent or by a relation's subspace. */
export function layerMaps(all: readonly LayerMap[], names: Names, context: ViewContext): HTMLElement | null {
  const measures = [...new Set(all.map(({ measure }) => measure))];
  const measure = measures.find((one) => one === context.choice("layer-map", "")) ?? measures[0];
  const maps = all.filter((map) => map.measure === measure);
  const map = maps.find(({ template }) => template === context.choice("layer-map-template", "")) ?? maps[0];
  if (measure === undefined || map === undefined) return null;
  const { templates = [], name = "" } = context.report.relation ?? {};
  const quantity = measureNames[measure];
  const at = (matrix: LayerMap["nullMatrix"], row: number, column: number) => matrix?.[row]?.[column] ?? null;
  const nullLine = (row: number, column: number) => {
    const highest = at(map.nullUpper, row, column);
    return strings.layerMapNull(
      figure(at(map.nullMatrix, row, column), 3),
      highest === null ? null : figure(highest, 3),
    );
  };
  return matrixFigure(
    {
      id: "layer-map",
      title: `${strings.layerMapsTitle}: ${quantity}`,
      fileName: fileName(name, "layers", measure, map.template ?? ""),
      labels: map.left.map(strings.layerName),
      columnLabels: map.right.map(strings.layerName),
      names: map.left.map(strings.atLayer),
      columnNames: map.right.map(strings.atLayer),
      matrix: map.matrix,
      domain: overlapDomain,
      quantity,
      axes: names,
      marked: (row, column) => withinNull(map, row, column),
      lines: (row, column) => [nullLine(row, column)],
      detail: (row, column) => h("p", { class: "muted" }, `${nullLine(row, column)}; n ${map.n}`),
      above: h(
        "div",
        { class: "controls" },
        measures.length > 1 &&
          segmented(
            "layer-map",
            strings.measureChoice,
            measures.map((value) => ({ value, label: measureNames[value] })),
            measure,
            context,
          ),
        maps.length > 1 &&
          selector(
            "layer-map-template",
            strings.template,
            maps.map(({ template }) => ({ value: template ?? "", label: templateName(template ?? "*", templates) })),
            map.template ?? "",
            context,
          ),
      ),
      below: `${strings.layerMapRows(names[0], names[1])} ${strings.layerMapBelow(map.n, map.nullUpper !== null)}`,
    },
    context,
  );
}
