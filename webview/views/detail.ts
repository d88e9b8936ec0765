import type { PromptResult } from "../../src/protocol/report";
import { h } from "../dom";
import type { TableModel } from "../figures/table";
import { probability, token } from "../format";
import { strings } from "../strings";

/** Where a chart shows what lies behind the cell or point that was chosen. */
export function detailArea(id: string, hint: string): HTMLElement {
  return h(
    "div",
    { class: "detail", "aria-live": "polite", "data-testid": `detail-${id}` },
    h("p", { class: "muted" }, hint),
  );
}

/** One row of the table behind a chart, as names and figures. */
export function rowFacts(table: TableModel, row: number): HTMLElement {
  const cells = table.rows[row] ?? [];
  return h(
    "dl",
    { class: "row-facts" },
    ...cells.flatMap(({ text, value }, i) => {
      const label = table.columns[i]?.label ?? "";
      return value === null || text === ""
        ? []
        : [h("div", {}, h("dt", {}, label), h("dd", { "data-value": String(value) }, text))];
    }),
  );
}

/** Prompts side by side, each with the model's top answers; the file's answer is bold. */
export function promptColumns(
  columns: readonly { readonly heading: string; readonly prompts: readonly PromptResult[] }[],
): HTMLElement {
  return h(
    "div",
    { class: "pairs" },
    ...columns.map(({ heading, prompts }) =>
      h(
        "div",
        { class: "pair" },
        h("h3", {}, heading),
        ...(prompts.length === 0
          ? [h("p", { class: "muted" }, strings.noPromptOfPair)]
          : prompts.map((prompt) => promptAnswers(prompt))),
      ),
    ),
  );
}

const shownAnswers = 3;

function promptAnswers(prompt: PromptResult): HTMLElement {
  const top = prompt.topTokens.slice(0, shownAnswers);
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

/** The prompts of some subjects in two phrasings; those first where the model's answers differ in rank. */
export function phrasingPrompts(
  prompts: readonly PromptResult[],
  [left, right]: readonly [string, string],
  headings: readonly [string, string],
  most = 3,
): HTMLElement {
  const of = (template: string) =>
    new Map(prompts.filter((prompt) => prompt.template === template).map((prompt) => [prompt.subject, prompt]));
  const [lefts, rights] = [of(left), of(right)];
  const gap = (subject: string) => Math.abs((lefts.get(subject)?.rank ?? 0) - (rights.get(subject)?.rank ?? 0));
  const subjects = [...lefts.keys()]
    .filter((subject) => rights.has(subject))
    .toSorted((a, b) => gap(b) - gap(a))
    .slice(0, most);
  const chosen = (map: ReadonlyMap<string, PromptResult>) => subjects.flatMap((subject) => map.get(subject) ?? []);
  const columns = [
    { heading: headings[0], prompts: chosen(lefts) },
    { heading: headings[1], prompts: chosen(rights) },
  ];
  return promptColumns(left === right ? columns.slice(0, 1) : columns);
}
