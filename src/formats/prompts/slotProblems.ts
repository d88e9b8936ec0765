import { nearest } from "../nearest";
import type { ProblemCollector } from "../problemCollector";
import { variablesOf } from "./chooseSubject";
import type { DraftTemplate, PromptDraft } from "./draft";

export function reportUnknownSlot(
  { templates }: PromptDraft,
  chosen: string,
  names: readonly string[],
  problems: ProblemCollector,
): void {
  const at = templates[0] ?? { start: 0, end: 0 };
  const remedy = names.length === 0 ? "Choose none." : `Choose one of ${names.join(", ")}.`;
  problems.error("prompt-unknown-slot", at, `The prompt has no variable "${chosen}".`, remedy);
}

/** Other tools' ways to mark a place, as they look where this format does not read them. */
const likeASlot = /\$\{[^{}]*\}|\{\{[^{}]*\}\}|\{[^{}\s]*\}|\[[A-Z]+\]|<[a-z_]+>|%s/;

export function reportNoSlot(
  template: DraftTemplate,
  subject: string | null,
  { example }: PromptDraft,
  problems: ProblemCollector,
): void {
  const text = template.messages.flatMap(({ parts }) => parts.filter((part) => typeof part === "string")).join("");
  const similar = likeASlot.exec(text)?.[0];
  if (subject === null) {
    const remedy =
      similar === undefined ? `Write ${example} where the subject goes.` : `Write ${example} instead of ${similar}.`;
    problems.error("prompt-no-slot", template, "The prompt has no place for the subject.", remedy);
    return;
  }
  problems.error(
    "prompt-no-slot",
    template,
    `This template has no place for "${subject}", which is the subject in the others.`,
    "Give the subject one name in all templates, or choose another variable as the subject.",
  );
}

/** More of them are mostly braces that were not meant as variables. */
const reportedVariables = 20;

/** Variables beside the subject that nothing gives a value. */
export function reportMissingValues(
  template: DraftTemplate,
  subject: string,
  values: ReadonlyMap<string, string>,
  { declared, valuesIn }: PromptDraft,
  problems: ProblemCollector,
): void {
  const reported = new Set<string>();
  for (const variable of variablesOf(template)) {
    const { name, written, fallback } = variable;
    if (reported.size === reportedVariables) return;
    if (name === subject || values.has(name) || fallback !== undefined || reported.has(name)) continue;
    reported.add(name);
    const meant = declared.includes(name) ? null : nearest(name, declared);
    const place = valuesIn === null ? "" : `, or give it a value ${valuesIn}`;
    problems.error(
      "prompt-variable-without-value",
      variable,
      `The variable ${written} has no value; only the subject, "${subject}", takes the samples' words.`,
      meant === null ? `Write words in its place${place}.` : `Did you mean "${meant}"?`,
    );
  }
}
