import { childOf, type LocatedNode } from "../locatedNode";
import { parseJson } from "../parseJson";
import { parseYaml } from "../parseYaml";
import type { ProblemCollector } from "../problemCollector";
import { placeAt, type DraftTemplate, type PlacedText } from "./draft";
import { readJinja } from "./jinja";
import { isMessages, readMessages } from "./messages";
import { textOf } from "./values";

/** What stands for a prompt that is elsewhere: a URL of a file, or a path without spaces. */
const reference =
  /^(file:\/\/.*|[^\s{}]+\.(txt|md|json|jsonl|ya?ml|j2|csv|py|m?[jt]s|cjs|prompty)(:\w+)?|[^\s{}]*\*[^\s{}]*)$/is;

/** The prompts that are written in the file itself. Those of other files are named in a warning, or an error if all are. */
export function readPromptfooPrompts(prompts: LocatedNode, problems: ProblemCollector): DraftTemplate[] {
  const items = prompts.kind === "sequence" ? prompts.items : [prompts];
  const texts = items.map((item) => textOf(childOf(item, "raw")) ?? textOf(item) ?? textOf(childOf(item, "id")));
  const isElsewhere = (text: PlacedText | null) => text !== null && reference.test(text.text.trim());
  const all = texts.every(isElsewhere);
  return items.flatMap((item, i): DraftTemplate[] => {
    const text = texts[i] ?? null;
    if (text === null) {
      const message = `Prompt ${i + 1} is not text.`;
      problems.error(
        "prompt-wrong-type",
        item,
        message,
        "Write one text; put quotes around it if it has : or { } in it.",
      );
      return [];
    }
    if (!isElsewhere(text)) return [templateOf(text, problems)];
    problems.add(
      all ? "error" : "warning",
      "prompt-reference-not-read",
      text,
      `The prompt ${text.text.trim()} is in another file, which is not read from here.`,
      "Open that file and analyse it, or write its text under prompts:.",
    );
    return [];
  });
}

function templateOf({ text, start, end }: PlacedText, problems: ProblemCollector): DraftTemplate {
  const span = { start, end };
  const list = chatIn(text);
  const messages =
    list === null
      ? [{ role: "user" as const, parts: readJinja(text, placeAt(span), problems) }]
      : readMessages(list, readJinja, () => span, problems);
  return { ...span, messages, isChat: list !== null };
}

/** A prompt may be the JSON or the YAML of a chat's messages, as a text. */
function chatIn(text: string): LocatedNode | null {
  const start = text.trimStart();
  const { root } = start.startsWith("[")
    ? parseJson(text)
    : start.startsWith("- role")
      ? parseYaml(text)
      : { root: null };
  return isMessages(root) ? root : null;
}
