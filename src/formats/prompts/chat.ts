import { childOf } from "../locatedNode";
import { parseJson } from "../parseJson";
import type { ProblemCollector } from "../problemCollector";
import { readBraces } from "./braces";
import { reportDocument } from "./document";
import type { PromptDraft } from "./draft";
import { isMessages, readMessages } from "./messages";
import type { PromptSource } from "./source";
import { textAt } from "./values";

/** Messages of a chat in JSON: `[{ "role", "content" }]`, or the same under `messages`. */
export function readChat({ content }: PromptSource, problems: ProblemCollector): PromptDraft | null {
  const root = reportDocument(parseJson(content), "json", problems);
  if (root === null) return null;
  const list = root.kind === "mapping" ? childOf(root, "messages") : root;
  if (list === undefined || !isMessages(list)) {
    problems.error(
      "prompt-no-messages",
      list ?? root,
      "The file has no messages of a chat.",
      'Write [{ "role": "user", "content": "The capital of {} is" }], or such a list under "messages".',
    );
    return null;
  }
  const messages = readMessages(list, readBraces, (node) => node, problems);
  return {
    name: textAt(root, "name"),
    templates: [{ start: list.start, end: list.end, messages, isChat: true }],
    samples: [],
    declared: [],
    defaults: [],
    example: "{}",
    valuesIn: null,
  };
}
