import { childOf } from "../locatedNode";
import type { ProblemCollector } from "../problemCollector";
import { placeFrom, type DraftMessage, type DraftTemplate, type Part, type PromptDraft } from "./draft";
import { readFrontMatter } from "./frontMatter";
import { readHandlebars } from "./handlebars";
import { namesIn, readValues, sampleOf } from "./inputs";
import { inkOf } from "./plain";
import { roleNamed } from "./roles";
import type { PromptSource } from "./source";
import { textAt } from "./values";

/** A dotprompt file: front matter with `input.schema` and `input.default`, then Handlebars. */
export function readDotprompt({ content }: PromptSource, problems: ProblemCollector): PromptDraft {
  const { root, bodyStart } = readFrontMatter(content, problems);
  const input = childOf(root ?? undefined, "input");
  const values = readValues(childOf(input, "default"), problems);
  return {
    name: textAt(root, "name"),
    templates: readTemplate(content, bodyStart, problems),
    samples: sampleOf(values),
    defaults: [...values.keys()],
    declared: [...new Set([...namesIn(childOf(input, "schema")), ...values.keys()])],
    example: "{{word}}",
    valuesIn: "under input: default: in the front matter",
  };
}

/** Text before the first `{{role}}` is the user's; without one, the text is plain. */
function readTemplate(content: string, bodyStart: number, problems: ProblemCollector): DraftTemplate[] {
  const span = inkOf(content, bodyStart, content.length);
  if (span.start === span.end) return [];
  const pieces = readHandlebars(content.slice(span.start, span.end), placeFrom(span.start), problems);
  const messages: { role: DraftMessage["role"]; parts: Part[] }[] = [{ role: "user", parts: [] }];
  let isChat = false;
  for (const piece of pieces) {
    if (typeof piece === "string" || "name" in piece) {
      messages.at(-1)?.parts.push(piece);
      continue;
    }
    isChat = true;
    const role = roleNamed(piece.role, piece, problems);
    if (role !== null) messages.push({ role, parts: [] });
  }
  return [{ ...span, messages, isChat }];
}
