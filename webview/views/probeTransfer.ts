import type { ProbeTransfer } from "../../src/protocol/report";
import { h } from "../dom";
import { cosineDomain, overlapDomain } from "../figures/colourScale";
import { depth } from "../figures/linearityRows";
import type { ProbeTask } from "../figures/probeSeries";
import { fileName, share } from "../format";
import { identifiableWords, probeKindNames, strings } from "../strings";
import { capitalised } from "../strings/words";
import { segmented, selector } from "./controls";
import { phrasingPrompts } from "./detail";
import { matrixFigure } from "./matrixFigure";
import { templateLetter } from "./templateNames";
import type { ViewContext } from "./view";

const choices = ["accuracy", "euclidean", "causal", "mahalanobis"] as const;

/** Probes of one phrasing tested on another, and how alike their directions are; of the task's own kind if there are. */
export function probeTransfer(task: ProbeTask, context: ViewContext): HTMLElement | null {
  const all = context.report.probeTransfer ?? [];
  const kind = all.some((one) => one.kind === task.kind) ? task.kind : all[0]?.kind;
  const ofKind = all.filter((one) => one.kind === kind).toSorted((a, b) => depth(a.layer) - depth(b.layer));
  const transfer = ofKind.find(({ layer }) => String(layer) === context.choice("transfer-layer", "")) ?? ofKind.at(-1);
  if (!transfer) return null;
  const { relation, prompts } = context.report;
  const { templates } = transfer;
  const available = choices.filter((one) => matrixOf(transfer, one) !== null);
  const chosen = available.find((one) => one === context.choice("probe-transfer", "")) ?? "accuracy";
  const accuracy = chosen === "accuracy";
  return matrixFigure(
    {
      id: "probe-transfer",
      title: `${strings.transferTitle}, ${probeKindNames[transfer.kind]}`,
      fileName: fileName(relation?.name ?? "", "probe-transfer", chosen, String(transfer.layer)),
      labels: templates.map((template) => templateLetter(template, relation?.templates ?? templates)),
      names: templates,
      matrix: matrixOf(transfer, chosen) ?? [],
      domain: accuracy ? overlapDomain : cosineDomain,
      quantity: strings.inSentence(strings.transferChoices[chosen]),
      ...(accuracy ? { axes: [strings.trainedOn, strings.testedOn] as const } : {}),
      lines: () => (accuracy ? [`${strings.majority} ${share(transfer.majority)}`] : []),
      detail: (row, column) => {
        const pair = [templates[row] ?? "", templates[column] ?? ""] as const;
        return phrasingPrompts(prompts ?? [], pair, pair);
      },
      above: h(
        "div",
        { class: "controls" },
        segmented(
          "probe-transfer",
          strings.transferShows,
          available.map((value) => ({ value, label: strings.transferChoices[value] })),
          chosen,
          context,
        ),
        ofKind.length > 1 &&
          selector(
            "transfer-layer",
            strings.layer,
            ofKind.map(({ layer }) => ({ value: String(layer), label: strings.layerName(layer) })),
            String(transfer.layer),
            context,
          ),
      ),
      below: `${accuracy ? strings.transferHint : strings.transferCosineHint} ${strings.units(transfer.n, transfer.classes, transfer.heldOut)}. ${capitalised(identifiableWords(chosen === "accuracy" ? transfer.identifiable : (transfer.cosines[chosen]?.identifiable ?? null)))}.`,
    },
    context,
  );
}

function matrixOf(transfer: ProbeTransfer, choice: (typeof choices)[number]) {
  return choice === "accuracy" ? transfer.accuracy : (transfer.cosines[choice]?.matrix ?? null);
}
