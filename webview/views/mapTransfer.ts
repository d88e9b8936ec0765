import { h } from "../dom";
import { cosineDomain, overlapDomain } from "../figures/colourScale";
import { fileName } from "../format";
import { identifiableWords, strings } from "../strings";
import { capitalised } from "../strings/words";
import { segmented } from "./controls";
import { phrasingPrompts } from "./detail";
import { matrixFigure } from "./matrixFigure";
import { templateLetter } from "./templateNames";
import type { ViewContext } from "./view";

const measures = ["own", "refitted", "faithfulness"] as const;

/** The map of one phrasing scored on another: is there one map for all? */
export function mapTransfer(context: ViewContext): HTMLElement | null {
  const { linearityTransfer: transfer, relation, prompts } = context.report;
  if (!transfer) return null;
  const chosen = measures.find((one) => one === context.choice("map-transfer", "")) ?? "own";
  const matrix = {
    own: transfer.r2OwnIntercept,
    refitted: transfer.r2RefittedIntercept,
    faithfulness: transfer.faithfulnessInAnswers,
  }[chosen];
  const { templates } = transfer;
  const letters = templates.map((template) => templateLetter(template, relation?.templates ?? templates));
  return h(
    "section",
    { class: "stack" },
    matrixFigure(
      {
        id: "map-transfer",
        title: `${strings.mapTransferTitle} ${strings.transferMeasures[chosen]}`,
        fileName: fileName(relation?.name ?? "", "map-transfer", chosen),
        labels: letters,
        names: templates,
        matrix,
        domain: chosen === "faithfulness" ? overlapDomain : cosineDomain,
        quantity: strings.transferMeasures[chosen],
        axes: [strings.fittedOn, strings.scoredOn],
        detail: (row, column) =>
          phrasingPrompts(
            prompts ?? [],
            [templates[row] ?? "", templates[column] ?? ""],
            [templates[row] ?? "", templates[column] ?? ""],
          ),
        above: segmented(
          "map-transfer",
          strings.mapTransferTitle,
          measures.map((value) => ({ value, label: strings.transferMeasures[value] })),
          chosen,
          context,
        ),
        below: `${strings.mapTransferHint} ${capitalised(transfer.heldOut)}; n ${transfer.n}. ${capitalised(identifiableWords(transfer.identifiable))}.`,
      },
      context,
    ),
  );
}
