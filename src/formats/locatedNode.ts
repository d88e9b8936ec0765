import type { Span } from "./lineIndex";

/** A value of a YAML or JSON text that knows where it is written. */
export type LocatedNode = LocatedScalar | LocatedSequence | LocatedMapping;

export interface LocatedScalar extends Span {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  /** As written, for values that are not text: `1990`, `true`. */
  readonly source: string;
}

export interface LocatedSequence extends Span {
  readonly kind: "sequence";
  readonly items: readonly LocatedNode[];
}

export interface LocatedMapping extends Span {
  readonly kind: "mapping";
  readonly entries: readonly LocatedEntry[];
}

export interface LocatedEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: LocatedNode;
}

/** What is wrong with a text's syntax, and where. */
export interface SyntaxProblem extends Span {
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly remedy: string;
}

/** `root` is null for a text without content, or with an error. */
export interface ParsedText {
  readonly root: LocatedNode | null;
  readonly problems: readonly SyntaxProblem[];
}

/** Deeper nesting is refused: a relation file needs four levels, and recursion has an end. */
export const maximumDepth = 64;

export function plainValue(node: LocatedNode): unknown {
  switch (node.kind) {
    case "scalar":
      return node.value;
    case "sequence":
      return node.items.map(plainValue);
    case "mapping":
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, plainValue(value)]));
  }
}

export function entryOf(node: LocatedNode | undefined, key: string): LocatedEntry | undefined {
  return node?.kind === "mapping" ? node.entries.find((entry) => entry.key === key) : undefined;
}

export function childOf(node: LocatedNode | undefined, key: string | number): LocatedNode | undefined {
  if (typeof key === "string") return entryOf(node, key)?.value;
  return node?.kind === "sequence" ? node.items[key] : undefined;
}

/** The node at a path, or the nearest one above it that is written. */
export function nearestNode(root: LocatedNode, path: readonly (string | number)[]): LocatedNode {
  let node = root;
  for (const key of path) {
    const child = childOf(node, key);
    if (child === undefined) return node;
    node = child;
  }
  return node;
}

/** Every key that is written again in its own mapping, with the place of the first. */
export function repeatedKeys(root: LocatedNode): { readonly first: LocatedEntry; readonly again: LocatedEntry }[] {
  if (root.kind === "scalar") return [];
  if (root.kind === "sequence") return root.items.flatMap(repeatedKeys);
  const seen = new Map<string, LocatedEntry>();
  return root.entries.flatMap((entry) => {
    const first = seen.get(entry.key);
    if (first === undefined) seen.set(entry.key, entry);
    const inside = repeatedKeys(entry.value);
    return first === undefined ? inside : [{ first, again: entry }, ...inside];
  });
}
