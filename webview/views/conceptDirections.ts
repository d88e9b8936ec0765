import type { ConceptDirections, PromptResult } from "../../src/protocol/report";
import { h } from "../dom";
import { cosineDomain } from "../figures/colourScale";
import { fileName } from "../format";
import { identifiableWords, strings } from "../strings";
import { capitalised } from "../strings/words";
import { segmented } from "./controls";
import { promptColumns } from "./detail";
import { matrixFigure } from "./matrixFigure";
import type { ViewContext } from "./view";

const geometries = ["distributional", "causal", "euclidean", "mahalanobis"] as const;
type ConceptGeometry = (typeof geometries)[number];

const geometryName = (geometry: ConceptGeometry) =>
  geometry === "mahalanobis" ? strings.mahalanobis : strings.geometries[geometry];

/** Cosines between this relation's direction and those of its control relations. */
export function conceptDirections(context: ViewContext): HTMLElement | null {
  const { conceptDirections: concepts, relation, prompts } = context.report;
  if (!concepts) return null;
  const available = geometries.filter((geometry) => concepts[geometry] !== null);
  const chosen = available.find((one) => one === context.choice("concept-geometry", "")) ?? available[0];
  const map = chosen && concepts[chosen];
  if (!chosen || !map) return null;
  const pairs = (i: number) => strings.pairsBehind(concepts.n[i] ?? 0);
  return matrixFigure(
    {
      id: "concepts",
      title: `${strings.conceptsTitle}, ${strings.inSentence(geometryName(chosen))}`,
      fileName: fileName(relation?.name ?? "", "concepts", chosen),
      labels: concepts.names,
      names: concepts.names,
      matrix: map.matrix,
      domain: cosineDomain,
      quantity: strings.cosine,
      lines: (row, column) => [
        `${concepts.names[row] ?? ""} ${pairs(row)}`,
        `${concepts.names[column] ?? ""} ${pairs(column)}`,
      ],
      detail: (row, column) => behind(concepts, [row, column], relation?.name ?? "", prompts ?? []),
      above: segmented(
        "concept-geometry",
        strings.geometry,
        available.map((value) => ({ value, label: geometryName(value) })),
        chosen,
        context,
      ),
      below: `${strings.conceptsHint} ${capitalised(identifiableWords(map.identifiable))}.`,
    },
    context,
  );
}

/** The report has prompts of its own relation alone; of the others it is said how many pairs there are. */
function behind(
  { names, n }: ConceptDirections,
  [row, column]: readonly [number, number],
  own: string,
  prompts: readonly PromptResult[],
): HTMLElement {
  const shown = row === column ? [row] : [row, column];
  return h(
    "div",
    { class: "stack" },
    h("p", { class: "muted" }, shown.map((i) => `${names[i] ?? ""}: ${strings.pairsBehind(n[i] ?? 0)}`).join("; ")),
    shown.some((i) => names[i] === own) && promptColumns([{ heading: own, prompts: prompts.slice(0, 3) }]),
  );
}
