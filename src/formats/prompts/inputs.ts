import type { Span } from "../lineIndex";
import { childOf, type LocatedMapping, type LocatedNode } from "../locatedNode";
import type { ProblemCollector } from "../problemCollector";
import type { DraftSample, PlacedText } from "./draft";
import { textOf } from "./values";

/** The values of a mapping from names to words; what is not a word is left out, with a warning. */
export function readValues(node: LocatedNode | undefined, problems: ProblemCollector): Map<string, PlacedText> {
  const values = new Map<string, PlacedText>();
  for (const { key, value } of node?.kind === "mapping" ? node.entries : []) {
    const text = readValue(key, value, problems);
    if (text !== null) values.set(key, text);
  }
  return values;
}

export function readValue(name: string, node: LocatedNode, problems: ProblemCollector): PlacedText | null {
  if (node.kind === "scalar") return textOf(node);
  const kind = node.kind === "sequence" ? "a list" : "a mapping";
  const message = `The value of "${name}" is ${kind}, which cannot stand in a prompt; it is not used.`;
  problems.warn("prompt-value-not-text", node, message, "Write one text.");
  return null;
}

/** One set of inputs as a sample; none where no input has a value. */
export function sampleOf(values: ReadonlyMap<string, PlacedText>, object: PlacedText | null = null): DraftSample[] {
  const [first] = values.values();
  return first === undefined ? [] : [{ values, object, start: first.start, end: first.end }];
}

/** Says that what a reference leads to is not read. */
export function warnOfReference(span: Span, what: string, problems: ProblemCollector): void {
  const message = `${what} in another file are not read.`;
  problems.warn(
    "prompt-reference-not-read",
    span,
    message,
    "Write them in this file, or give the subjects another way.",
  );
}

/** The keys of a mapping, or of a JSON Schema's `properties`. */
export function namesIn(node: LocatedNode | undefined): string[] {
  const properties = childOf(node, "properties");
  const mapping: LocatedMapping | null =
    properties?.kind === "mapping" ? properties : node?.kind === "mapping" ? node : null;
  return (mapping?.entries ?? []).map(({ key }) => key.replace(/[?(].*$/s, "").trim());
}
