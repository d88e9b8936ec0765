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
 * that varies over the file's samples, else the first that has no value yet, no default, or the first at all. Null where
 * there is no variable.
 */
export function chooseSubject(draft: PromptDraft, chosen: string | undefined): string | null {
  const names = namesOf(draft.templates);
  if (chosen !== undefined && names.includes(chosen)) return chosen;
  const named = subjectNames.find((name) => names.includes(name));
  if (named !== undefined) return named;
  const defaults = new Set([...draft.defaults, ...withFallback(draft.templates)]);
  const valued = new Set(draft.samples.flatMap(({ values }) => [...values.keys()]));
  const likely = likelyNames(draft, names);
  return (
    varying(names, draft.samples)[0] ??
    likely.find((name) => !valued.has(name) && !defaults.has(name)) ??
    likely.find((name) => !defaults.has(name)) ??
    likely[0] ??
    null
  );
}

/** Names of inputs that the file declares, if any, and of them those in every template, if any: no mistyped ones. */
function likelyNames({ templates, declared }: PromptDraft, names: readonly string[]): readonly string[] {
  const known = new Set(declared);
  const ofEach = templates.map((template) => new Set(variablesOf(template).map(({ name }) => name)));
  const conditions = [(name: string) => known.has(name), (name: string) => ofEach.every((own) => own.has(name))];
  return conditions.reduce((kept, condition) => {
    const fitting = kept.filter(condition);
    return fitting.length > 0 ? fitting : kept;
  }, names);
}

function withFallback(templates: readonly DraftTemplate[]): string[] {
  return templates.flatMap(variablesOf).flatMap(({ name, fallback }) => (fallback === undefined ? [] : [name]));
}
