import { entryEnd, inkSpan, isFlow } from "../inkSpan";
import type { Span } from "../lineIndex";
import type { LocatedMapping, LocatedSequence } from "../locatedNode";
import type { TextEdit } from "./textEdit";

/** Takes an item out of a list, with its dash and line or its comma. Null where it shares a line with what stays. */
export function removeItem(content: string, list: LocatedSequence, index: number): TextEdit | null {
  const item = list.items[index];
  if (item === undefined) return null;
  const spans = list.items.map((node) => inkSpan(node, content));
  if (isFlow(list, content)) return removeBetweenCommas(spans, index);
  const dash = content.lastIndexOf("-", item.start - 1);
  return dash < list.start ? null : removeLines(content, { start: dash, end: spans[index]?.end ?? item.end });
}

/** Takes a key with its value out of a mapping; the only one of a list's item cannot be taken out. */
export function removeEntry(content: string, mapping: LocatedMapping, index: number): TextEdit | null {
  const spans = mapping.entries.map((entry) => ({ start: entry.keySpan.start, end: entryEnd(entry, content) }));
  const span = spans[index];
  if (span === undefined) return null;
  if (isFlow(mapping, content)) return removeBetweenCommas(spans, index);
  const lines = removeLines(content, span);
  if (lines !== null) return lines;
  const next = spans[index + 1];
  return next === undefined ? null : { start: span.start, end: next.start, text: "" };
}

function removeBetweenCommas(spans: readonly Span[], index: number): TextEdit | null {
  const [before, span, next] = [spans[index - 1], spans[index], spans[index + 1]];
  if (span === undefined) return null;
  if (next !== undefined) return { start: span.start, end: next.start, text: "" };
  return { start: before?.end ?? span.start, end: span.end, text: "" };
}

/** The whole lines of a span, with a comment behind it. Null where something else stands before it. */
function removeLines(content: string, span: Span): TextEdit | null {
  const lineStart = content.lastIndexOf("\n", span.start - 1) + 1;
  if (content.slice(lineStart, span.start).trim() !== "") return null;
  const newline = content.indexOf("\n", span.end);
  const end = newline < 0 ? content.length : newline + 1;
  const behind = content.slice(span.end, end).trim();
  return behind === "" || behind.startsWith("#") ? { start: lineStart, end, text: "" } : null;
}
