import type { Parallelism, ParallelismMap } from "../../src/protocol/report";
import { h } from "../dom";
import { figure, pairLabel } from "../format";
import { strings } from "../strings";
import { promptColumns } from "./detail";
import type { ViewContext } from "./view";

/** What lies behind a cell of the heatmap: the prompts of its two pairs and the model's top answers. */
export function pairDetail(
  parallelism: Parallelism,
  map: ParallelismMap,
  row: number,
  column: number,
  context: ViewContext,
): HTMLElement {
  const value = map.matrix[row]?.[column] ?? null;
  const slope = parallelism.slopes[row]?.[column] ?? null;
  const same = row === column;
  return h(
    "section",
    { class: "stack" },
    h(
      "p",
      {},
      `${strings.cosine} `,
      h("b", { "data-testid": "cell-value", "data-value": value }, figure(value, 3)),
      slope !== null && !same && h("span", { class: "muted" }, ` · ${strings.slope} ${figure(slope)}`),
      same && h("span", { class: "muted" }, ` · ${strings.samePair}`),
    ),
    promptColumns((same ? [row] : [row, column]).map((index) => ofPair(parallelism, index, context))),
  );
}

function ofPair({ pairs }: Parallelism, index: number, context: ViewContext) {
  const pair = pairs[index] ?? { from: "", to: "" };
  const from = pair.from.trim();
  const to = pair.to.trim();
  const prompts = (context.report.prompts ?? []).filter(
    (prompt) => prompt.subject === from && (prompt.object === null || prompt.object === to),
  );
  return { heading: pairLabel(pair), prompts };
}
