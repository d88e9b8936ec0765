import type { Comparison } from "../../../src/protocol/report";
import { frame } from "../../charts/frame";
import { drawScene, measureText } from "../../charts/sceneView";
import { distancePlot, distanceTable } from "../../figures/distanceRows";
import { fileName, significant } from "../../format";
import { strings } from "../../strings";
import type { ViewContext } from "../view";

/** How far the two models' predictions lie apart, over general contexts and over the relation's own prompts. */
export function distances(comparison: Comparison, context: ViewContext): HTMLElement | null {
  const sets = [
    comparison.distances && {
      name: strings.generalContexts(comparison.distances.n),
      distances: comparison.distances,
    },
    comparison.relationDistances && {
      name: strings.ownPrompts(comparison.relationDistances.n),
      distances: comparison.relationDistances,
    },
  ].filter((set) => set !== null);
  if (sets.length === 0) return null;
  const spoken = sets.map(
    ({ name, distances: one }) => `${name}: ${strings.jensenShannon} ${significant(one.jensenShannon)} ${strings.nats}`,
  );
  return frame(
    {
      id: "distances",
      title: strings.distancesTitle,
      fileName: fileName(context.report.relation?.name ?? "", "distances"),
      table: distanceTable(sets),
      legend: [{ mark: "dot", text: strings.distancesLegend.dot }],
      draw: (container) =>
        drawScene(container, `${strings.distancesTitle}. ${spoken.join(". ")}`, (width) =>
          distancePlot(sets, width, measureText),
        ),
    },
    context,
  );
}
