import type { LinearityFit, PromptResult } from "../../src/protocol/report";
import { frame } from "../charts/frame";
import { h } from "../dom";
import { isBaseline } from "../figures/linearityRows";
import type { TemplateFits } from "../figures/linearityRows";
import { cell } from "../figures/table";
import type { TableModel } from "../figures/table";
import { fileName, letter, token } from "../format";
import { strings } from "../strings";
import { templateKey } from "./controls";
import type { ViewContext } from "./view";

interface Entry {
  readonly letter: string;
  readonly template: string;
  readonly agreement: readonly (boolean | null)[];
  readonly predictions: LinearityFit["predictions"];
}

const marks = { right: "✓", wrong: "✗", none: "·" } as const;

/** For which subjects the held-out map gives the model's own answer, phrasing by phrasing. */
export function agreement(groups: readonly TemplateFits[], context: ViewContext): HTMLElement | null {
  const { relation, prompts } = context.report;
  const templates = relation?.templates ?? [];
  const entries = groups.flatMap(({ template, fits }): Entry[] => {
    const fit = fits.find(
      (one): one is LinearityFit & { agreement: readonly (boolean | null)[] } =>
        !isBaseline(one.estimator) && one.agreement !== null,
    );
    const index = templates.indexOf(template);
    if (fit === undefined) return [];
    const { agreement: agrees, predictions } = fit;
    return [{ letter: index < 0 ? "all" : letter(index), template, agreement: agrees, predictions }];
  });
  if (entries.length === 0 || !relation) return null;
  const subjects = relation.samples.map(({ subject }) => subject);
  const table = agreementTable(
    subjects,
    relation.samples.map(({ object }) => object),
    entries,
    prompts ?? [],
  );
  const shown = [...subjects.keys()].filter((i) => entries.some((entry) => entry.agreement[i] !== undefined));
  const wrongFirst = shown.toSorted((a, b) => right(a) - right(b) || a - b);
  const box = () =>
    h(
      "div",
      { class: "stack" },
      h("p", { class: "muted" }, strings.agreementHint),
      templateKey(
        entries.map((entry) => ({
          letter: entry.letter,
          text: entry.template === "*" ? strings.allTemplates : entry.template,
          note: score(entry.agreement),
        })),
      ),
      h("ul", { class: "subjects", "data-testid": "agreement" }, ...wrongFirst.map(chip)),
    );
  return frame(
    {
      id: "agreement",
      title: strings.agreementTitle,
      fileName: fileName(relation.name, "agreement"),
      table,
      show: box,
    },
    context,
  );

  function right(subject: number): number {
    return entries.filter((entry) => entry.agreement[subject] === true).length;
  }

  function chip(i: number): HTMLElement {
    const states = entries.map((entry) => entry.agreement[i]);
    const wrong = states.filter((state) => state === false).length;
    const said = predicted(prompts ?? [], subjects[i] ?? "", entries[0]?.template);
    return h(
      "li",
      { class: wrong > 0 ? "wrong" : null },
      h("span", {}, subjects[i] ?? ""),
      h("code", { class: "muted", title: strings.modelSays }, said),
      ...entries.map((entry, e) => {
        const state = states[e];
        const mark = state === undefined || state === null ? marks.none : state ? marks.right : marks.wrong;
        const words = state === false ? wrongWords(entry, i) : state === true ? strings.rightLabel : "";
        return h(
          "span",
          { class: state === false ? "mark wrong" : "mark", title: `${entry.letter}: ${words}` },
          h("span", { "aria-hidden": "true" }, mark),
          h("span", { class: "visually-hidden" }, `${entry.letter} ${words}`),
        );
      }),
      wrongSays(i),
    );
  }

  /** What the map says where it is wrong, under the marks. */
  function wrongSays(i: number): HTMLElement | null {
    const said = entries.flatMap((entry) => {
      const text = entry.agreement[i] === false ? mapSays(entry, i) : "";
      return text === "" ? [] : [`${entry.letter} ${text}`];
    });
    return said.length === 0
      ? null
      : h("span", { class: "wrong-says muted", "aria-hidden": "true", title: strings.mapSays }, said.join("  "));
  }
}

function agreementTable(
  subjects: readonly string[],
  objects: readonly (string | null)[],
  entries: readonly Entry[],
  prompts: readonly PromptResult[],
): TableModel {
  return {
    columns: [
      { label: strings.subject },
      { label: strings.object },
      ...entries.flatMap((entry) => [
        { label: `${entry.letter}: ${strings.modelSays}` },
        { label: `${entry.letter}: ${strings.mapSays}` },
        { label: entry.letter },
      ]),
    ],
    rows: subjects.map((subject, i) => [
      cell(subject),
      cell(objects[i] ?? "", objects[i] ?? null),
      ...entries.flatMap((entry) => {
        const state = entry.agreement[i] ?? null;
        const words = state === null ? "" : state ? strings.rightLabel : strings.wrongLabel;
        return [cell(predicted(prompts, subject, entry.template)), cell(mapSays(entry, i)), cell(words, state)];
      }),
    ]),
  };
}

function predicted(prompts: readonly PromptResult[], subject: string, template: string | undefined): string {
  const prompt = prompts.find((one) => one.subject === subject && (template === "*" || one.template === template));
  return prompt ? token(prompt.predictedToken.text) : "";
}

/** What the map that was fitted without the subject puts first. */
function mapSays({ predictions }: Entry, subject: number): string {
  const prediction = predictions?.[subject];
  return prediction ? token(prediction.text) : "";
}

function wrongWords(entry: Entry, subject: number): string {
  const said = mapSays(entry, subject);
  return said === "" ? strings.wrongLabel : `${strings.wrongLabel}: ${strings.mapSays} ${said}`;
}

function score(states: readonly (boolean | null)[]): string {
  const tested = states.filter((state) => state !== null);
  return strings.agreementOf(tested.filter((state) => state).length, tested.length);
}
