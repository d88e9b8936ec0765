import type { Span } from "../lineIndex";
import type { LocatedMapping, LocatedNode } from "../locatedNode";
import { parseHalfWrittenYaml } from "../parseYaml";

/** Where somebody is typing in a relation file. */
export interface Cursor {
  /** Of the mapping for a key, of the value itself for a value. */
  readonly path: readonly (string | number)[];
  readonly role: "key" | "value";
  /** Other keys of the mapping. */
  readonly siblings: readonly string[];
  /** The word that is being typed, without its quotes. */
  readonly replace: Span;
  readonly quote: '"' | "'" | null;
  /** A colon follows. */
  readonly hasColon: boolean;
  /** At the beginning of a line, but for spaces and a dash. */
  readonly atLineStart: boolean;
}

const mark = "RelationLensCursor";
const wordBefore = /[^\s,[\]{}"'#:]*$/;
const wordAfter = /^[^\s,[\]{}"'#:]*/;

/** Null in a comment, and where nothing of the file can be made out. */
export function cursorAt(content: string, offset: number): Cursor | null {
  const lineStart = content.lastIndexOf("\n", offset - 1) + 1;
  const before = content.slice(lineStart, offset);
  const after = /^[^\r\n]*/.exec(content.slice(offset))?.[0] ?? "";
  const open = openQuote(before);
  if (open === "comment") return null;
  const { typed, rest } = open === null ? unquoted(before, after) : insideQuotes(before, after, open);
  const replace = { start: offset - typed.length, end: offset + rest.length };
  const line = content.slice(lineStart, replace.start);
  const behind = after.slice(rest.length);
  const atLineStart = open === null && /^\s*(- +)?$/.test(line);
  const closing = open !== null && !behind.startsWith(open.quote) ? open.quote : "";
  const colon = atLineStart && behind.trim() === "" ? ":" : "";
  const text = `${content.slice(0, replace.start)}${mark}${closing}${colon}${content.slice(replace.end)}`;
  const found = find(parseHalfWrittenYaml(text), []);
  return found === null
    ? null
    : { ...found, replace, quote: open?.quote ?? null, hasColon: /^["']?\s*:/.test(behind), atLineStart };
}

interface Quote {
  readonly quote: '"' | "'";
  readonly at: number;
}

/** The quotes that are open at the end of a line's beginning. */
function openQuote(before: string): Quote | "comment" | null {
  let open: Quote | null = null;
  for (let i = 0; i < before.length; i++) {
    const character = before[i];
    if (open !== null) {
      if (character === "\\" && open.quote === '"') i += 1;
      else if (character === open.quote) open = null;
    } else if (character === '"' || (character === "'" && !/\w/.test(before[i - 1] ?? " "))) {
      open = { quote: character, at: i };
    } else if (character === "#" && /\s/.test(before[i - 1] ?? " ")) {
      return "comment";
    }
  }
  return open;
}

function unquoted(before: string, after: string): { typed: string; rest: string } {
  // A value such as >= 0.6 without its quotes, which YAML takes for a sign of its own.
  const comparison = /^\s*[^\s:#]+:\s+([<>=!][^"'#]*)$/.exec(before)?.[1];
  if (comparison !== undefined) return { typed: comparison, rest: /^[^#"']*?(?=\s*(#|$))/.exec(after)?.[0] ?? "" };
  return { typed: wordBefore.exec(before)?.[0] ?? "", rest: wordAfter.exec(after)?.[0] ?? "" };
}

function insideQuotes(before: string, after: string, { quote, at }: Quote): { typed: string; rest: string } {
  const end = after.indexOf(quote);
  return { typed: before.slice(at + 1), rest: end < 0 ? "" : after.slice(0, end) };
}

type Found = Pick<Cursor, "path" | "role" | "siblings">;

function find(node: LocatedNode | null, path: readonly (string | number)[]): Found | null {
  if (node === null) return null;
  switch (node.kind) {
    case "scalar":
      return String(node.value).includes(mark) ? { path, role: "value", siblings: [] } : null;
    case "sequence":
      return firstOf(node.items, (item, i) => find(item, [...path, i]));
    case "mapping":
      return firstOf(node.entries, ({ key, value }) =>
        key.includes(mark) ? { path, role: "key", siblings: otherKeys(node) } : find(value, [...path, key]),
      );
  }
}

const otherKeys = ({ entries }: LocatedMapping) => entries.map(({ key }) => key).filter((key) => !key.includes(mark));

function firstOf<T>(items: readonly T[], look: (item: T, index: number) => Found | null): Found | null {
  for (const [index, item] of items.entries()) {
    const found = look(item, index);
    if (found !== null) return found;
  }
  return null;
}
