import { unnamed, type DraftSample, type DraftTemplate, type PromptDraft, type Variable } from "./draft";

/** Names that mean the subject wherever they stand. */
const subjectNames: readonly string[] = ["subject", "input:subject", unnamed];

/** The variables of a template, in the order of its text; one that it has twice is there twice. */
export function variablesOf({ messages }: DraftTemplate): Variable[] {
  return messages.flatMap(({ parts }) => parts.filter((part) => typeof part !== "string"));
}

/** The names of all variables, in the order of the file, each once. */
export function namesOf(templates: readonly DraftTemplate[]): string[] {
  return [...new Set(templates.flatMap(variablesOf).map(({ name }) => name))];
}

/** Names whose values differ between samples. */
export function varying(names: readonly string[], samples: readonly DraftSample[]): string[] {
  return names.filter((name) => new Set(samples.flatMap(({ values }) => values.get(name)?.text ?? [])).size > 1);
}

/**
 * The variable that the subject takes the place of: the one chosen, else the one with a subject's name, else the first
 * that varies over the file's samples, else the first in every template. Null where there is no variable.
 */
export function chooseSubject({ templates, samples }: PromptDraft, chosen: string | undefined): string | null {
  const names = namesOf(templates);
  if (chosen !== undefined && names.includes(chosen)) return chosen;
  const ofEach = templates.map((template) => new Set(variablesOf(template).map(({ name }) => name)));
  const everywhere = names.filter((name) => ofEach.every((own) => own.has(name)));
  return (
    subjectNames.find((name) => names.includes(name)) ?? varying(names, samples)[0] ?? everywhere[0] ?? names[0] ?? null
  );
}
