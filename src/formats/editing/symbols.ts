import { nameFromFile } from "../relationFile";
import { entryEnd, inkSpan } from "../inkSpan";
import type { Span } from "../lineIndex";
import { childOf, type LocatedEntry, type LocatedNode } from "../locatedNode";
import type { LocatedText } from "../locatedText";

/** A line of a file's outline. */
export interface RelationSymbol {
  readonly kind: "relation" | "group" | "template" | "sample" | "pair" | "figure" | "value";
  readonly name: string;
  readonly detail: string;
  readonly span: Span;
  /** Within `span`: what is selected when the symbol is chosen. */
  readonly selection: Span;
  readonly children: readonly RelationSymbol[];
}

/** The relation, with what it consists of; of a file that is half written, what can be found. */
export function relationSymbols({ root, content }: LocatedText, file: string): readonly RelationSymbol[] {
  if (root?.kind !== "mapping") return [];
  const children = root.entries.map((entry) => entrySymbol(entry, content));
  const span = around(inkSpan(root, content), children);
  const name = childOf(root, "name");
  const text = name === undefined ? "" : textOf(name);
  return [
    {
      kind: "relation",
      name: text === "" ? nameFromFile(file) : text,
      detail: "",
      span,
      selection: name === undefined || text === "" ? { start: span.start, end: span.start } : inkSpan(name, content),
      children: children.filter((child) => child.name !== "name"),
    },
  ];
}

const itemKinds: Readonly<Record<string, RelationSymbol["kind"]>> = {
  prompt_templates: "template",
  samples: "sample",
  pairs: "pair",
};

function entrySymbol(entry: LocatedEntry, content: string): RelationSymbol {
  const { key, keySpan, value } = entry;
  const place = { span: { start: keySpan.start, end: entryEnd(entry, content) }, selection: keySpan };
  if (value.kind === "scalar") return { kind: "value", name: key, detail: textOf(value), ...place, children: [] };
  const children =
    value.kind === "sequence"
      ? value.items.map((item) => itemSymbol(item, itemKinds[key] ?? "value", content))
      : value.entries.map((below) => ({
          ...entrySymbol(below, content),
          kind: key === "expect" ? ("figure" as const) : ("value" as const),
        }));
  const span = around(place.span, children);
  return { kind: "group", name: key, detail: String(children.length), ...place, span, children };
}

/** The editor wants children inside: an item that is still empty may end behind what is written. */
function around({ start, end }: Span, children: readonly RelationSymbol[]): Span {
  return { start, end: Math.max(end, ...children.map(({ span }) => span.end)) };
}

function itemSymbol(node: LocatedNode, kind: RelationSymbol["kind"], content: string): RelationSymbol {
  const span = inkSpan(node, content);
  const [name, detail] = node.kind === "scalar" ? [textOf(node), ""] : wordsOf(node);
  return { kind, name: name === "" ? "…" : name, detail, span, selection: span, children: [] };
}

/** `easy → easiest`, and the label. */
function wordsOf(node: LocatedNode): readonly [string, string] {
  const word = (key: string | number) => {
    const child = childOf(node, key);
    return child === undefined ? "" : textOf(child);
  };
  const words = node.kind === "sequence" ? [word(0), word(1)] : ["subject", "object", "from", "to"].map(word);
  return [words.filter((text) => text !== "").join(" → "), word("label")];
}

function textOf(node: LocatedNode): string {
  if (node.kind !== "scalar") return "";
  return (typeof node.value === "string" ? node.value : node.source).trim();
}
