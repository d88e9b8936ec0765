import type { Parallelism, ParallelismMap, PromptResult } from "../../src/protocol/report";
import { h } from "../dom";
import { figure, pairLabel, probability, token } from "../format";
import { strings } from "../strings";
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
    h(
      "div",
      { class: "pairs" },
      ...(same ? [row] : [row, column]).map((index) => onePair(parallelism, index, context)),
    ),
  );
}

function onePair(parallelism: Parallelism, index: number, context: ViewContext): HTMLElement {
  const pair = parallelism.pairs[index];
  if (!pair) return h("div", {});
  const from = pair.from.trim();
  const to = pair.to.trim();
  const prompts = (context.report.prompts ?? []).filter(
    (prompt) => prompt.subject === from && (prompt.object === null || prompt.object === to),
  );
  return h(
    "div",
    { class: "pair" },
    h("h3", {}, pairLabel(pair)),
    ...(prompts.length === 0 ? [h("p", { class: "muted" }, strings.noPromptOfPair)] : prompts.map(promptAnswers)),
  );
}

function promptAnswers(prompt: PromptResult): HTMLElement {
  const top = prompt.topTokens.slice(0, 3);
  return h(
    "div",
    { class: "prompt" },
    h("p", { class: "prompt-text" }, prompt.text),
    h(
      "ol",
      { class: "answers" },
      ...(top.length > 0 ? top : [{ ...prompt.predictedToken, logProbability: null }]).map((answer) =>
        h(
          "li",
          { class: answer.id === prompt.answerToken.id ? "right" : null },
          h("code", {}, token(answer.text)),
          h("span", { class: "muted" }, probability(answer.logProbability)),
        ),
      ),
    ),
  );
}
