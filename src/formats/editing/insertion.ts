import { entryEnd, inkSpan, isFlow } from "../inkSpan";
import { entryOf, type LocatedMapping, type LocatedSequence } from "../locatedNode";
import type { LocatedText } from "../locatedText";
import type { Span } from "../lineIndex";
import type { TextEdit } from "./textEdit";

/**
 * Puts items at the end of a list of the file, which is made where it is not there.
 *
 * @param items as they are written in one line, such as `{ subject: easy, object: easiest }`
 */
export function addItems(located: LocatedText, key: string, items: readonly string[]): TextEdit | null {
  const { root, content, isJson } = located;
  if (root?.kind !== "mapping") return null;
  const entry = entryOf(root, key);
  if (entry === undefined) return addKey(root, located, key, items);
  const list = entry.value;
  if (list.kind === "sequence") {
    return isFlow(list, content) ? extendFlow(content, list, items) : extendBlock(content, list, items);
  }
  if (list.kind !== "scalar" || list.value !== null) return null;
  if (isJson) return { start: list.start, end: list.end, text: flow(items) };
  const at = entryEnd(entry, content);
  return isFlow(root, content)
    ? { start: at, end: at, text: ` ${flow(items)}` }
    : insertAt(lineEnd(content, at), `\n${block("  ", items)}`);
}

function addKey(root: LocatedMapping, { content, isJson }: LocatedText, key: string, items: readonly string[]) {
  const last = root.entries.at(-1);
  if (isFlow(root, content)) {
    const name = isJson ? `"${key}"` : key;
    if (last === undefined) return insertAt(root.start + 1, ` ${name}: ${flow(items)} `);
    const first = root.entries[0]?.keySpan.start ?? root.start + 1;
    return insertAt(entryEnd(last, content), `,${content.slice(root.start + 1, first)}${name}: ${flow(items)}`);
  }
  const at = last === undefined ? root.end : lineEnd(content, entryEnd(last, content));
  return insertAt(at, `\n${key}:\n${block("  ", items)}`);
}

function extendFlow(content: string, list: LocatedSequence, items: readonly string[]): TextEdit {
  const [first, last] = [list.items[0], list.items.at(-1)];
  if (first === undefined || last === undefined) return { start: list.start, end: list.end, text: flow(items) };
  const before = content.slice(list.start + 1, first.start);
  const gap = before.includes("\n") && before.trim() === "" ? before : " ";
  return insertAt(inkSpan(last, content).end, items.map((item) => `,${gap}${item}`).join(""));
}

function extendBlock(content: string, list: LocatedSequence, items: readonly string[]): TextEdit | null {
  const last = list.items.at(-1);
  if (last === undefined) return null;
  const lineStart = content.lastIndexOf("\n", list.start - 1) + 1;
  const indent = content.slice(lineStart, list.start);
  if (indent.trim() !== "") return null;
  const at = Math.max(inkSpan(last, content).end, list.start + 1);
  return insertAt(lineEnd(content, at), `\n${block(indent, items)}`);
}

/** Before the line end, so that the text after it stays as it is; behind a comment of the same line. */
function lineEnd(content: string, from: number): number {
  const newline = content.indexOf("\n", from);
  if (newline < 0) return content.length;
  return content[newline - 1] === "\r" ? newline - 1 : newline;
}

const flow = (items: readonly string[]) => `[${items.join(", ")}]`;
const block = (indent: string, items: readonly string[]) => items.map((item) => `${indent}- ${item}`).join("\n");
const insertAt = (at: number, text: string): TextEdit & Span => ({ start: at, end: at, text });
