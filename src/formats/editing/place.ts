import type { LocatedEntry, LocatedNode } from "../locatedNode";

/** A node with the way that leads to it. */
export interface Place {
  readonly node: LocatedNode;
  /** From the root: keys of mappings, places in sequences. */
  readonly path: readonly (string | number)[];
  /** The nodes around it, the root first. */
  readonly around: readonly LocatedNode[];
  /** The entry whose key or value it is; null for an item of a sequence, and for the root. */
  readonly entry: LocatedEntry | null;
  readonly onKey: boolean;
}

/** The innermost value or key that is written at an offset, its ends included. */
export function placeAt(root: LocatedNode, offset: number): Place {
  let place: Place = { node: root, path: [], around: [], entry: null, onKey: false };
  for (;;) {
    const below = step(place, offset);
    if (below === null) return place;
    if (below.onKey) return below;
    place = below;
  }
}

function step({ node, path, around }: Place, offset: number): Place | null {
  const outside = [...around, node];
  if (node.kind === "sequence") {
    const index = node.items.findLastIndex((item) => holds(item, offset));
    const item = node.items[index];
    return item === undefined
      ? null
      : { node: item, path: [...path, index], around: outside, entry: null, onKey: false };
  }
  if (node.kind === "mapping") {
    // YAML counts the line end to what is before it: the later one is meant where two meet.
    for (const entry of node.entries.toReversed()) {
      const onKey = holds(entry.keySpan, offset) && entry.keySpan.end > entry.keySpan.start;
      if (onKey || holds(entry.value, offset)) {
        return { node: entry.value, path: [...path, entry.key], around: outside, entry, onKey };
      }
    }
  }
  return null;
}

const holds = ({ start, end }: { readonly start: number; readonly end: number }, offset: number) =>
  start <= offset && offset <= end;
