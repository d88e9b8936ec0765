import type { PromptResult } from "../../src/protocol/report";
import { frame } from "../charts/frame";
import { h } from "../dom";
import { cell } from "../figures/table";
import type { TableModel } from "../figures/table";
import { fileName, probability, token } from "../format";
import { strings } from "../strings";
import { checkbox, textField } from "../toolkit";
import { selector } from "./controls";
import type { View } from "./view";

export const promptsView: View = {
  fields: ["prompts", "relation"],
  render: (context) => {
    const { prompts, relation } = context.report;
    if (!prompts || prompts.length === 0) {
      const text = context.pending ? strings.pending(strings.promptsTitle) : strings.noFigures(strings.promptsTitle);
      return h("div", { class: context.pending ? "placeholder pending" : "placeholder" }, h("p", {}, text));
    }
    const templates = relation?.templates ?? [];
    const template = context.choice("prompt-template", "*");
    const wrongOnly = context.choice("prompt-wrong", "no") === "yes";
    const chosen = prompts.filter(
      (prompt) => (template === "*" || prompt.template === template) && (!wrongOnly || prompt.rank > 1),
    );
    const holder = h("div", {});
    const draw = (text: string) => {
      const needle = text.trim().toLowerCase();
      const matching = chosen.filter((prompt) => needle === "" || matches(prompt, needle));
      const table = promptTable(matching);
      const name = fileName(relation?.name ?? "", "prompts");
      holder.replaceChildren(
        frame({ id: "prompts", title: `${strings.promptsTitle} (${matching.length})`, fileName: name, table }, context),
      );
    };
    const filter = context.choice("prompt-filter", "");
    draw(filter);
    const first = prompts.filter((prompt) => prompt.rank === 1).length;
    return h(
      "div",
      { class: "stack" },
      prompts.some((prompt) => prompt.object !== null) &&
        h("p", { class: "verdict", "data-testid": "verdict-prompts" }, strings.firstAnswer(first, prompts.length)),
      h(
        "div",
        { class: "controls" },
        textField(
          { id: "prompt-filter", placeholder: strings.filter, "aria-label": strings.filter, value: filter, size: 24 },
          (text) => {
            context.remember("prompt-filter", text);
            draw(text);
          },
        ),
        templates.length > 1 &&
          selector(
            "prompt-template",
            strings.template,
            [{ value: "*", label: strings.allPhrasings }, ...templates.map((text) => ({ value: text, label: text }))],
            template,
            context,
          ),
        checkbox(strings.wrongOnly, wrongOnly, (on) => context.choose("prompt-wrong", on ? "yes" : "no"), {
          id: "prompt-wrong",
        }),
      ),
      holder,
    );
  },
};

const matches = (prompt: PromptResult, needle: string) =>
  [prompt.text, prompt.object ?? "", prompt.predictedToken.text].some((text) => text.toLowerCase().includes(needle));

function promptTable(prompts: readonly PromptResult[]): TableModel {
  const whole = prompts.some(
    ({ answerLogProbability, logProbability }) =>
      answerLogProbability !== null && answerLogProbability !== logProbability,
  );
  return {
    columns: [
      { label: strings.prompt, wide: true },
      { label: strings.answer },
      { label: strings.promptRank, numeric: true },
      { label: strings.probability, numeric: true },
      ...(whole ? [{ label: strings.wholeAnswer, numeric: true }] : []),
      { label: strings.topTokens },
    ],
    rows: prompts.map((prompt) => [
      cell(prompt.text),
      cell(token(prompt.answerToken.text), prompt.answerToken.text),
      cell(String(prompt.rank), prompt.rank),
      cell(probability(prompt.logProbability), Math.exp(prompt.logProbability)),
      ...(whole ? [cell(probability(prompt.answerLogProbability), expOrNull(prompt.answerLogProbability))] : []),
      cell(topTokens(prompt)),
    ]),
  };
}

const expOrNull = (value: number | null) => (value === null ? null : Math.exp(value));

function topTokens({ topTokens: tokens, predictedToken }: PromptResult): string {
  return tokens.length === 0
    ? token(predictedToken.text)
    : tokens
        .slice(0, 5)
        .map(({ text, logProbability }) => `${token(text)} ${probability(logProbability)}`)
        .join(" \u2003");
}
