import { childOf, type LocatedNode } from "../locatedNode";
import type { PlacedText } from "./draft";

/** A scalar as it is written, so that a year stays a year; null for lists, mappings and nothing. */
export function textOf(node: LocatedNode | undefined): PlacedText | null {
  if (node?.kind !== "scalar" || node.value === null) return null;
  const text = typeof node.value === "string" ? node.value : node.source;
  return { text, start: node.start, end: node.end };
}

/** The text of a key on one line; null where it is not there or blank. */
export function textAt(node: LocatedNode | null | undefined, key: string): string | null {
  const text =
    textOf(childOf(node ?? undefined, key))
      ?.text.replace(/\s+/g, " ")
      .trim() ?? "";
  return text === "" ? null : text;
}
