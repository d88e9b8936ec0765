import type { UnitMatching } from "../../../src/protocol/report";
import { frame } from "../../charts/frame";
import { drawScene, measureText } from "../../charts/sceneView";
import { h } from "../../dom";
import { overlapDomain } from "../../figures/colourScale";
import type { Names } from "../../figures/comparedRows";
import { lineScene, lineStyle, referenceStyle } from "../../figures/lineScene";
import type { Line } from "../../figures/lineScene";
import { cell } from "../../figures/table";
import type { TableModel } from "../../figures/table";
import { figure, fileName, missing, share } from "../../format";
import { identifiableWords, strings } from "../../strings";
import { capitalised } from "../../strings/words";
import { matrixFigure } from "../matrixFigure";
import type { ViewContext } from "../view";

/** Units matched one to one, by sparse combinations and in clusters. */
export function unitMatching(found: UnitMatching, names: Names, context: ViewContext): HTMLElement {
  const name = context.report.relation?.name ?? "";
  const { assignment, matrix, sparse } = found;
  const left = assignment.slice(0, matrix.length);
  const right = assignment.slice(0, matrix[0]?.length ?? 0);
  return h(
    "section",
    { class: "stack", "aria-labelledby": "units-heading" },
    h("h2", { id: "units-heading" }, strings.unitsTitle),
    h(
      "p",
      { "data-testid": "units-words" },
      strings.unitsWords(figure(found.meanCorrelation), figure(found.nullMean), share(found.mutual)),
      " ",
      strings.sparseWords(figure(sparse.meanR2), figure(sparse.meanUnits, 1)),
    ),
    h(
      "p",
      { class: "muted" },
      `${strings.unitsHint} ${capitalised(identifiableWords(found.identifiable))}; n ${found.n}.`,
    ),
    matrixFigure(
      {
        id: "units",
        title: strings.unitsMap,
        fileName: fileName(name, "units"),
        labels: left.map((one) => String(one.left)),
        columnLabels: right.map((one) => String(one.right)),
        names: left.map((one) => strings.unit(one.left)),
        columnNames: right.map((one) => strings.unit(one.right)),
        matrix,
        domain: overlapDomain,
        quantity: strings.correlation,
        axes: names,
        detail: (row) => sparseFacts(left[row]?.left),
      },
      context,
    ),
    h("div", { class: "columns even" }, curves(found, context), clusters(found, names, context)),
  );

  function sparseFacts(unit: number | undefined): HTMLElement {
    const { r2, units } = sparseOf(found, unit);
    return h(
      "p",
      { class: "muted" },
      `${names[0]} ${strings.unit(unit ?? 0)}: ${strings.sparse} ${figure(r2)} (${units ?? 0} ${strings.unitsShort})`,
    );
  }
}

/** Units in falling order: how well the best, the median and the worst have a counterpart. */
function curves(found: UnitMatching, context: ViewContext): HTMLElement {
  const { assignment, sparse, nullMean } = found;
  const ranked = (values: readonly number[]) => values.toSorted((a, b) => b - a);
  const line = (title: string, values: readonly number[], index: number): Line => ({
    name: title,
    points: values.map((value, i) => [i + 1, value] as const),
    style: lineStyle(index),
  });
  const longest = Math.max(2, assignment.length, sparse.r2.length);
  const correlations = assignment.map(({ correlation }) => Math.abs(correlation));
  const lines: Line[] = [
    line(strings.assigned, ranked(correlations), 0),
    line(strings.sparse, ranked(sparse.r2), 1),
    {
      name: strings.permutedMean,
      points: [
        [1, nullMean],
        [longest, nullMean],
      ],
      style: referenceStyle,
    },
  ];
  const lowest = Math.min(0, ...sparse.r2);
  return frame(
    {
      id: "unit-curves",
      title: strings.unitsCurve,
      fileName: fileName(context.report.relation?.name ?? "", "unit-curves"),
      table: assignmentTable(found),
      legend: lines.map((one) => ({ mark: { line: one.style }, text: one.name })),
      draw: (container) =>
        drawScene(container, `${strings.unitsCurve}. ${strings.assigned}: ${figure(found.meanCorrelation)}`, (width) =>
          lineScene(lines, {
            width,
            height: 220,
            x: { lower: 1, upper: longest },
            y: { lower: Math.max(-0.5, lowest), upper: 1 },
            xName: strings.unitsAxis,
            measure: measureText,
          }),
        ),
    },
    context,
  );
}

function assignmentTable(found: UnitMatching): TableModel {
  const numeric = (label: string) => ({ label, numeric: true });
  return {
    columns: [
      numeric(strings.leftUnits),
      numeric(strings.rightUnits),
      numeric(strings.signedCorrelation),
      numeric(strings.sparse),
      numeric(strings.sparseUnits),
    ],
    rows: found.assignment.map(({ left, right, correlation }) => {
      const { r2, units } = sparseOf(found, left);
      return [
        cell(String(left), left),
        cell(String(right), right),
        cell(figure(correlation, 3), correlation),
        cell(figure(r2, 3), r2),
        cell(units === null ? missing : String(units), units),
      ];
    }),
  };
}

/** The combination of right units that a left unit is told from. */
function sparseOf({ leftUnits, sparse }: UnitMatching, unit: number | undefined) {
  const place = unit === undefined ? -1 : leftUnits.indexOf(unit);
  return { r2: sparse.r2[place] ?? null, units: sparse.units[place] ?? null };
}

function clusters(found: UnitMatching, names: Names, context: ViewContext): HTMLElement {
  if (found.clusters.length === 0) return h("p", { class: "muted" }, strings.noClusters);
  const units = (list: readonly number[]) => cell(list.length === 0 ? missing : list.join(", "), list.join(", "));
  return frame(
    {
      id: "unit-clusters",
      title: strings.clustersTitle,
      fileName: fileName(context.report.relation?.name ?? "", "unit-clusters"),
      initialRows: 12,
      table: {
        columns: [
          { label: strings.meanCorrelation, numeric: true },
          { label: names[0], wide: true },
          { label: names[1], wide: true },
        ],
        rows: found.clusters.map((one) => [
          cell(figure(one.meanCorrelation), one.meanCorrelation),
          units(one.left),
          units(one.right),
        ]),
      },
    },
    context,
  );
}
