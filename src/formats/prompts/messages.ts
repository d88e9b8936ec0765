import type { Span } from "../lineIndex";
import { childOf, type LocatedNode } from "../locatedNode";
import type { ProblemCollector } from "../problemCollector";
import { placeAt, type DraftMessage, type Part, type Syntax } from "./draft";
import { roleNamed } from "./roles";
import { textAt, textOf } from "./values";

/** Whether a value is a list of messages: its first entry has a role. */
export function isMessages(node: LocatedNode | null | undefined): boolean {
  return node?.kind === "sequence" && childOf(node.items[0], "role") !== undefined;
}

/**
 * The messages of a chat, `[{ role, content }]`.
 *
 * @param spanOf where a value of the list stands in the file, which is elsewhere for a list within a text.
 */
export function readMessages(
  list: LocatedNode,
  syntax: Syntax,
  spanOf: (node: LocatedNode) => Span,
  problems: ProblemCollector,
): DraftMessage[] {
  return (list.kind === "sequence" ? list.items : []).flatMap((node, i): DraftMessage[] => {
    const name = textAt(node, "role");
    const content = childOf(node, "content");
    const at = spanOf(node);
    if (name === null || content === undefined) {
      const message = `Message ${i + 1} has no ${name === null ? "role" : "content"}.`;
      problems.error("prompt-bad-message", at, message, 'Write it as { "role": "user", "content": "…" }.');
      return [];
    }
    const role = roleNamed(name, spanOf(childOf(node, "role") ?? node), problems);
    const parts = readContent(content, syntax, spanOf, problems);
    return role === null ? [] : [{ role, parts }];
  });
}

/** A text, or a list of parts that are texts. */
function readContent(
  content: LocatedNode,
  syntax: Syntax,
  spanOf: (node: LocatedNode) => Span,
  problems: ProblemCollector,
): readonly Part[] {
  if (content.kind === "sequence") {
    return content.items.flatMap((part) => readContent(childOf(part, "text") ?? part, syntax, spanOf, problems));
  }
  const text = textOf(content);
  if (text !== null) return syntax(text.text, placeAt(spanOf(content)), problems);
  const message = "A content that is not text, such as an image, cannot be a part of the prompt.";
  problems.error(
    "prompt-bad-message",
    spanOf(content),
    message,
    "Write the content as one text, or remove the message.",
  );
  return [];
}
