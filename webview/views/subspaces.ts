import type { SubspaceAlignment } from "../../src/protocol/report";
import { frame } from "../charts/frame";
import { drawHeatmap } from "../charts/heatmap";
import { drawScene, measureText } from "../charts/sceneView";
import { h } from "../dom";
import { overlapDomain } from "../figures/colourScale";
import { cosineBars } from "../figures/cosineBars";
import { dotPlot } from "../figures/dotPlot";
import { alignmentTable, overlapMatrix, spaces } from "../figures/subspaceTables";
import type { Space } from "../figures/subspaceTables";
import { figure, fileName, pValue } from "../format";
import { strings } from "../strings";
import { absent, sectionWarnings, templateKey, verdicts } from "./controls";
import type { View, ViewContext } from "./view";

export const subspacesView: View = {
  fields: ["subspaces", "relation", "summary", "warnings", "settings"],
  render: (context) => {
    const alignments = context.report.subspaces ?? [];
    if (alignments.length === 0) return absent("subspaces", context);
    const named = spaces(alignments, context.report.relation?.templates ?? []);
    const over = alignments.filter(({ p }) => p < 0.05).length;
    return h(
      "div",
      { class: "stack" },
      h(
        "p",
        { class: "verdict", "data-testid": "verdict-subspaces" },
        strings.aligned(over, alignments.length),
        h("span", { class: "muted" }, ` ${strings.draws(Math.max(...alignments.map((one) => one.draws)))}.`),
      ),
      verdicts("subspaces", context.report, true),
      templateKey(named),
      h(
        "div",
        { class: "columns" },
        overlaps(alignments, named, context),
        named.length > 2 && overlapMap(alignments, named, context),
      ),
      cosines(alignments, named, context),
      sectionWarnings("subspaces", context.report),
    );
  },
};

const lettersOf = (alignment: SubspaceAlignment, named: readonly Space[]) => {
  const letter = (text: string) => named.find((space) => space.text === text)?.letter ?? text;
  return `${letter(alignment.left)} – ${letter(alignment.right)}`;
};

function overlaps(alignments: readonly SubspaceAlignment[], named: readonly Space[], context: ViewContext) {
  const rows = alignments.map((alignment) => ({
    label: lettersOf(alignment, named),
    text: figure(alignment.overlap),
    note: `p ${pValue(alignment.p)}`,
    value: alignment.overlap,
    interval: null,
    reference: alignment.overlapExpected,
    band: [alignment.overlapExpected, alignment.overlapUpper] as const,
    title: `${lettersOf(alignment, named)}: ${strings.overlap} ${figure(alignment.overlap, 3)}, ${strings.overlapExpected} ${figure(alignment.overlapExpected, 3)}, 95% ${figure(alignment.overlapUpper, 3)}`,
  }));
  return frame(
    {
      id: "subspaces",
      title: strings.overlapTitle,
      fileName: fileName(context.report.relation?.name ?? "", "subspaces"),
      table: alignmentTable(alignments),
      legend: [
        { mark: "dot", text: strings.overlapLegend.dot },
        { mark: "diamond", text: strings.overlapLegend.diamond },
        { mark: "band", text: strings.overlapLegend.band },
      ],
      draw: (container) =>
        drawScene(container, `${strings.overlapTitle}. ${rows.map((row) => row.title).join(". ")}`, (width) =>
          dotPlot([{ heading: null, rows }], { width, range: overlapDomain, measure: measureText }),
        ),
    },
    context,
  );
}

function cosines(alignments: readonly SubspaceAlignment[], named: readonly Space[], context: ViewContext) {
  const panels = alignments.map((alignment) => ({
    title: `${lettersOf(alignment, named)}\u2003${strings.ranks} ${alignment.ranks.join(", ")}`,
    alignment,
  }));
  return frame(
    {
      id: "subspace-cosines",
      title: strings.cosinesTitle,
      fileName: fileName(context.report.relation?.name ?? "", "principal-angles"),
      table: alignmentTable(alignments),
      legend: [
        { mark: "bar", text: strings.cosinesLegend.bar },
        { mark: "dash", text: strings.cosinesLegend.expected },
        { mark: "band", text: strings.cosinesLegend.band },
      ],
      draw: (container) =>
        drawScene(
          container,
          `${strings.cosinesTitle}. ${alignments.map((one) => `${lettersOf(one, named)}: ${one.cosines.map((c) => figure(c)).join(", ")}`).join(". ")}`,
          (width) => cosineBars(panels, width, measureText),
        ),
    },
    context,
  );
}

function overlapMap(alignments: readonly SubspaceAlignment[], named: readonly Space[], context: ViewContext) {
  const matrix = overlapMatrix(alignments, named);
  const letters = named.map((space) => space.letter);
  const cells = matrix.map((row, i) => [
    { text: letters[i] ?? "", value: named[i]?.text ?? "" },
    ...row.map((value) => ({ text: figure(value), value: Number.isNaN(value) ? null : value })),
  ]);
  return frame(
    {
      id: "subspace-map",
      title: strings.overlapMapTitle,
      fileName: fileName(context.report.relation?.name ?? "", "subspace-overlap"),
      table: {
        columns: [{ label: strings.overlap }, ...named.map(({ letter }) => ({ label: letter, numeric: true }))],
        rows: cells,
      },
      draw: (container) =>
        drawHeatmap(container, {
          label: strings.overlapMapTitle,
          rowLabels: letters,
          columnLabels: letters,
          matrix,
          order: letters.map((_, i) => i),
          domain: overlapDomain,
          largest: Math.min(300, 60 + 44 * letters.length),
          describe: (row, column) => ({
            title: `${letters[row] ?? ""} – ${letters[column] ?? ""}`,
            lines: [`${strings.overlap} ${figure(matrix[row]?.[column] ?? null, 3)}`],
          }),
        }),
    },
    context,
  );
}
