import type { Comparison } from "../../../src/protocol/report";
import { frame } from "../../charts/frame";
import { drawScene, measureText } from "../../charts/sceneView";
import { h } from "../../dom";
import type { Names } from "../../figures/comparedRows";
import { lineScene, lineStyle } from "../../figures/lineScene";
import { cell } from "../../figures/table";
import type { TableModel } from "../../figures/table";
import { figure, fileName, missing, significant } from "../../format";
import { strings } from "../../strings";
import type { ViewContext } from "../view";

/** How many dimensions each model's log-ratios span over the contexts. */
export function complexity(comparison: Comparison, names: Names, context: ViewContext): HTMLElement | null {
  const { complexity: found, effectiveComplexity: ranks } = comparison;
  if (!found) return null;
  const { singularValues, tolerance, participationRatio } = found;
  const lines = ([0, 1] as const).map((side) => ({
    name: names[side],
    points: singularValues[side].map((value, i) => [i + 1, value > 0 ? value : NaN] as const),
    style: lineStyle(side),
  }));
  const positive = singularValues.flat().filter((value) => value > 0);
  const longest = Math.max(2, ...singularValues.map((values) => values.length));
  const words = [
    ranks && strings.complexityWords(String(ranks[0]), String(ranks[1]), significant(tolerance, 1)),
    strings.participation(figure(participationRatio[0], 1), figure(participationRatio[1], 1)),
  ].filter((text) => text !== null);
  return h(
    "div",
    {},
    frame(
      {
        id: "complexity",
        title: strings.complexityTitle,
        fileName: fileName(context.report.relation?.name ?? "", "complexity"),
        table: singularTable(singularValues, names),
        legend: lines.map(({ name, style }) => ({ mark: { line: style }, text: name })),
        draw: (container) =>
          drawScene(
            container,
            `${strings.complexityTitle}, ${strings.relativeToLargest}. ${words.join(" ")}`,
            (width) =>
              lineScene(lines, {
                width,
                height: 240,
                x: { lower: 1, upper: longest },
                y: { lower: Math.max(1e-12, Math.min(0.1, ...positive)), upper: 1 },
                xName: strings.complexityAxis,
                log: true,
                measure: measureText,
              }),
          ),
      },
      context,
    ),
    h("p", { class: "muted", "data-testid": "complexity-words" }, words.join(" ")),
  );
}

function singularTable(values: readonly [readonly number[], readonly number[]], names: Names): TableModel {
  const longest = Math.max(...values.map((one) => one.length));
  return {
    columns: [{ label: strings.index, numeric: true }, ...names.map((label) => ({ label, numeric: true }))],
    rows: Array.from({ length: longest }, (_, i) => [
      cell(String(i + 1), i + 1),
      ...values.map((one) => {
        const value = one[i] ?? null;
        return cell(value === null ? missing : significant(value), value);
      }),
    ]),
  };
}
