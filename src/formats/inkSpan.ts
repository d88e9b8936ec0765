import type { Span } from "./lineIndex";
import type { LocatedEntry, LocatedNode } from "./locatedNode";

/** The span of a node without the line ends and comments that YAML counts to it. */
export function inkSpan(node: LocatedNode, content: string): Span {
  return { start: node.start, end: inkEnd(node, content) };
}

export function isFlow(node: LocatedNode, content: string): boolean {
  return "[{".includes(content[node.start] ?? " ");
}

/** Where an entry's value ends, or its colon where the value is not there yet. */
export function entryEnd({ keySpan, value }: LocatedEntry, content: string): number {
  if (value.end > value.start) return inkEnd(value, content);
  const colon = /^\s*:/.exec(content.slice(keySpan.end, keySpan.end + 20));
  return keySpan.end + (colon?.[0].length ?? 0);
}

function inkEnd(node: LocatedNode, content: string): number {
  if (node.kind !== "scalar" && isFlow(node, content)) return node.end;
  const last = node.kind === "sequence" ? node.items.at(-1) : undefined;
  if (last !== undefined && last.end > last.start) return Math.max(node.start, inkEnd(last, content));
  const entry = node.kind === "mapping" ? node.entries.at(-1) : undefined;
  if (entry !== undefined) return entryEnd(entry, content);
  return node.start + content.slice(node.start, node.end).trimEnd().length;
}
