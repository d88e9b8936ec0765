import type { Sample } from "../../protocol/relation";
import { maximumSamples } from "../relationSchema";
import { sampleItem } from "./sampleFixes";
import { plainOrQuoted, quoted } from "./scalarText";

/** What a person has selected, and the text around it. */
export interface Selected {
  readonly text: string;
  /** Of its first line, what is before it; of its last line, what is behind it. */
  readonly before: string;
  readonly behind: string;
}

/** What a selection says of a relation: its samples, or a prompt with the place of the subject. */
export type RelationDraft =
  | { readonly kind: "samples"; readonly samples: readonly Sample[] }
  | { readonly kind: "prompt"; readonly template: string; readonly subject: string };

/** Null where the selection is neither a list of pairs nor a word of a prompt. */
export function draftOf({ text, before, behind }: Selected): RelationDraft | null {
  const isPart = (before + behind).trim() !== "" && !/[\r\n]/.test(text.trim());
  if (!isPart) {
    const samples = samplesOf(text);
    return samples === null ? null : { kind: "samples", samples };
  }
  const subject = text.trim();
  const lead = before.replace(/^\s*([-*>]\s+|\d+[.)]\s+|#+\s+)?["'“]?/, "");
  const inside = text.replace(subject, () => "{}");
  const template = (lead + inside + behind).replace(/["'”],?\s*$/, "").trim();
  return subject === "" || lead.includes("{}") || behind.includes("{}") ? null : { kind: "prompt", template, subject };
}

const separators = [/\t+/, /\s*(?:→|->|=>|⇒)\s*/, /\s*[;,|]\s*/, /\s*:\s+/, /\s+/];

/** Subjects and objects of lines such as `easy → easiest`, `easy,easiest` and `easy easiest`. */
function samplesOf(text: string): readonly Sample[] | null {
  const lines = text
    .split(/\r\n|\n|\r/)
    .map((line) => line.replace(/^\s*(?:[-*•]\s+|\d+[.)]\s+)?/, "").trimEnd())
    .filter((line) => line !== "");
  if (lines.length === 0 || lines.length > maximumSamples) return null;
  for (const separator of separators) {
    const rows = lines.map((line) => line.split(separator).map(bare));
    if (!rows.every((row) => row.length === 2 && row.every((word) => word !== ""))) continue;
    const samples = new Map(rows.map(([subject = "", object = ""]) => [subject, { subject, object }]));
    return [...samples.values()];
  }
  return null;
}

const bare = (word: string) =>
  word
    .trim()
    .replace(/^(["'])(.*)\1$/, "$2")
    .trim();

/** The draft as a relation file, with a template or samples to fill in where the selection has none. */
export function draftText(draft: RelationDraft, name: string): string {
  const [templates, samples] =
    draft.kind === "samples"
      ? [["The word for {} is"], draft.samples]
      : [[draft.template], [{ subject: draft.subject }]];
  return [
    `name: ${plainOrQuoted(name)}`,
    "prompt_templates:",
    ...templates.map((template) => `  - ${quoted(template)}`),
    "samples:",
    ...samples.map((sample) => `  - ${sampleItem(sample, false)}`),
    "",
  ].join("\n");
}
