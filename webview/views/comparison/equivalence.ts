import type { LinearEquivalence } from "../../../src/protocol/report";
import { frame } from "../../charts/frame";
import { drawScene, measureText } from "../../charts/sceneView";
import { h } from "../../dom";
import { equivalencePlot, equivalenceTable } from "../../figures/distanceRows";
import { fileName, significant } from "../../format";
import { equivalenceNames, strings } from "../../strings";
import type { ViewContext } from "../view";

/** Is f of one model a linear function of f of the other? */
export function equivalence(found: LinearEquivalence, context: ViewContext): HTMLElement {
  const spoken = (["r2Forward", "r2Backward", "cka"] as const).map(
    (key) => `${equivalenceNames[key]} ${significant(found[key])}`,
  );
  return h(
    "div",
    {},
    frame(
      {
        id: "equivalence",
        title: strings.equivalenceTitle,
        fileName: fileName(context.report.relation?.name ?? "", "equivalence"),
        table: equivalenceTable(found),
        legend: [
          { mark: "dot", text: strings.equivalenceLegend.dot },
          { mark: "diamond", text: strings.equivalenceLegend.diamond },
          { mark: "band", text: strings.equivalenceLegend.band },
        ],
        draw: (container) =>
          drawScene(container, `${strings.equivalenceTitle}. ${spoken.join(". ")}`, (width) =>
            equivalencePlot(found, width, measureText),
          ),
      },
      context,
    ),
    h("p", { class: "muted" }, strings.equivalenceNote(found.n, found.heldOut)),
  );
}
