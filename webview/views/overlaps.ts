import type { SubspaceAlignment } from "../../src/protocol/report";
import { frame } from "../charts/frame";
import { drawScene, measureText } from "../charts/sceneView";
import { overlapDomain } from "../figures/colourScale";
import { cosineBars } from "../figures/cosineBars";
import { dotPlot } from "../figures/dotPlot";
import { alignmentTable } from "../figures/subspaceTables";
import { figure, fileName, pValue } from "../format";
import { strings } from "../strings";
import type { ViewContext } from "./view";

type NameOf = (alignment: SubspaceAlignment) => string;

/** Overlaps on one axis, each beside its expectation with permuted answers. */
export function overlaps(
  options: {
    readonly id: string;
    readonly title: string;
    readonly alignments: readonly SubspaceAlignment[];
    readonly name: NameOf;
  },
  context: ViewContext,
): HTMLElement {
  const { id, title, alignments, name } = options;
  const rows = alignments.map((alignment) => ({
    label: name(alignment),
    text: figure(alignment.overlap),
    note: `p ${pValue(alignment.p)}`,
    value: alignment.overlap,
    interval: null,
    reference: alignment.overlapExpected,
    band: [alignment.overlapExpected, alignment.overlapUpper] as const,
    title: `${name(alignment)}: ${strings.overlap} ${figure(alignment.overlap, 3)}, ${strings.overlapExpected} ${figure(alignment.overlapExpected, 3)}, 95% ${figure(alignment.overlapUpper, 3)}`,
  }));
  return frame(
    {
      id,
      title,
      fileName: fileName(context.report.relation?.name ?? "", id),
      table: alignmentTable(alignments, context.report),
      legend: [
        { mark: "dot", text: strings.overlapLegend.dot },
        { mark: "diamond", text: strings.overlapLegend.diamond },
        { mark: "band", text: strings.overlapLegend.band },
      ],
      draw: (container) =>
        drawScene(container, `${title}. ${rows.map((row) => row.title).join(". ")}`, (width) =>
          dotPlot([{ heading: null, rows }], { width, range: overlapDomain, measure: measureText }),
        ),
    },
    context,
  );
}

/** Small multiples of the principal angles, one a pair. */
export function cosines(alignments: readonly SubspaceAlignment[], name: NameOf, context: ViewContext): HTMLElement {
  const panels = alignments.map((alignment) => ({
    title: `${name(alignment)}\u2003${strings.ranks} ${alignment.ranks.join(", ")}`,
    alignment,
  }));
  const spoken = alignments.map((one) => `${name(one)}: ${one.cosines.map((c) => figure(c)).join(", ")}`);
  return frame(
    {
      id: "subspace-cosines",
      title: strings.cosinesTitle,
      fileName: fileName(context.report.relation?.name ?? "", "principal-angles"),
      table: alignmentTable(alignments, context.report),
      legend: [
        { mark: "bar", text: strings.cosinesLegend.bar },
        { mark: "dash", text: strings.cosinesLegend.expected },
        { mark: "band", text: strings.cosinesLegend.band },
      ],
      draw: (container) =>
        drawScene(container, `${strings.cosinesTitle}. ${spoken.join(". ")}`, (width) =>
          cosineBars(panels, width, measureText),
        ),
    },
    context,
  );
}
