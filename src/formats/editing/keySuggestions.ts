import { knownKeys } from "./keyFixes";
import type { Cursor } from "./cursor";
import { describeKey } from "./schemaText";
import { relationSkeleton } from "./skeleton";
import type { Suggestion } from "./suggestion";

const sample = "{ subject: ${1:easy}, object: ${2:easiest} }";
const template = '"${1:The superlative of} {\\} ${2:is}"';

/** What follows a key, where more than a value does. */
const bodies: Readonly<Record<string, string>> = {
  prompt_templates: `prompt_templates:\n  - ${template}`,
  samples: `samples:\n  - ${sample}\n  - `,
  pairs: "pairs:\n  - [${1:easy}, ${2:easiest}]",
  control_relations: "control_relations:\n  - ",
  expect: "expect:\n  ",
  properties: "properties:\n  ",
};
/** Keys behind which there is a list to choose from. */
const choices = ["model", "control_relations", "expect"];

/** Keys of the mapping that the cursor is in, those left out that it has. */
export function keySuggestions({ path, siblings, hasColon, quote }: Cursor): readonly Suggestion[] {
  const bare = hasColon || quote !== null;
  return knownKeys(path)
    .filter((key) => !siblings.includes(key))
    .map((key) => ({
      kind: "key",
      label: key,
      body: bare ? key : ((path.length === 0 ? bodies[key] : undefined) ?? `${key}: `),
      description: describeKey([...path, key]) ?? "",
      more: !bare && choices.includes(key),
    }));
}

/** A whole relation, sample, pair or template where one may stand. */
export function wholeSuggestions(cursor: Cursor, name: string): readonly Suggestion[] {
  const { path, role, siblings, quote, atLineStart } = cursor;
  const [top, index] = path;
  if (quote !== null) return [];
  if (top === undefined) {
    return role === "key" && siblings.length === 0 ? [snippet("relation", relationSkeleton(name))] : [];
  }
  const inList = path.length === 2 && typeof index === "number" && siblings.length === 0;
  const beforeDash = path.length === 1 && role === "key" && siblings.length === 0 && atLineStart;
  if (!inList && !beforeDash) return [];
  const dash = inList ? "" : "- ";
  switch (top) {
    case "samples":
      return [snippet("sample", dash + sample)];
    case "pairs":
      return [snippet("pair", `${dash}[\${1:easy}, \${2:easiest}]`)];
    case "prompt_templates":
      return [snippet("template", dash + template)];
    default:
      return [];
  }
}

const snippet = (label: string, body: string): Suggestion => ({ kind: "snippet", label, body });
