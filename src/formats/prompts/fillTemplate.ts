import type { ChatMessage } from "../../protocol/relation";
import type { ProblemCollector } from "../problemCollector";
import { variablesOf } from "./chooseSubject";
import type { DraftTemplate, Part } from "./draft";
import type { PromptTemplate } from "./promptFile";

const slot = "{}";

type Filled = Pick<PromptTemplate, "text" | "messages">;

/**
 * The template with `{}` for the subject and the values of the other variables. White space around it goes, since the
 * answer brings its own, and so do blank messages. Null, and reported, without exactly one `{}`.
 */
export function fillTemplate(
  template: DraftTemplate,
  subject: string,
  values: ReadonlyMap<string, string>,
  problems: ProblemCollector,
): Filled | null {
  const places = variablesOf(template).filter(({ name }) => name === subject);
  const [first, again] = places;
  if (first === undefined) return null;
  if (again !== undefined) {
    problems.error(
      "prompt-subject-twice",
      again,
      `The subject ${again.written} stands in ${places.length} places; it goes into one.`,
      "Keep one of them, and write words instead of the others.",
    );
    return null;
  }
  const messages = template.messages
    .map(({ role, parts }): ChatMessage => ({ role, content: contentOf(parts, subject, values) }))
    .filter(({ content }) => content !== "");
  const text = messages.map(({ content }) => content).join("\n");
  if (text.split(slot).length === 2) return { text, messages: template.isChat ? messages : null };
  problems.error(
    "prompt-slot-in-text",
    template,
    `Besides ${first.written}, the prompt has ${slot} as a part of its text, which would be read as a second subject.`,
    `Write { } with a space between the braces, or other words.`,
  );
  return null;
}

function contentOf(parts: readonly Part[], subject: string, values: ReadonlyMap<string, string>): string {
  const filled = parts.map((part) => {
    if (typeof part === "string") return part;
    return part.name === subject ? slot : (values.get(part.name) ?? part.fallback ?? "");
  });
  return filled.join("").replace(/\r\n?/g, "\n").trim();
}
