import { fix, type Fix, type FixTarget } from "./fix";
import { removeItem, removeEntry } from "./removal";
import { quoted, rewritten } from "./scalarText";

/** Spaces around a word are left out anyway. */
export function trimWordFixes({ located, place: { node } }: FixTarget): Fix[] {
  if (node.kind !== "scalar" || typeof node.value !== "string") return [];
  const { start, end } = node;
  const text = rewritten(located.content, node, node.value.trim(), located.isJson);
  return fix("trim", [{ start, end, text }], { preferred: true, safe: true });
}

/** A number or truth value as the text that it is read as. */
export function quoteFixes({ place: { node } }: FixTarget): Fix[] {
  if (node.kind !== "scalar" || node.value === null || typeof node.value === "string") return [];
  const { start, end } = node;
  const text = quoted(node.source.trim());
  return fix("quote", [{ start, end, text }], { words: [text], preferred: true, safe: true });
}

/** Takes out what an empty word belongs to: a sample without its subject, a pair without a word, else the key alone. */
export function emptyWordFixes(target: FixTarget): Fix[] {
  const { place, located } = target;
  const [top, index, key] = place.path;
  if (typeof index === "number" && (key === undefined || key === "subject" || top === "pairs")) {
    return removeItemFixes(target, false);
  }
  const mapping = place.around.at(-1);
  if (mapping?.kind !== "mapping" || place.entry === null) return [];
  const edit = removeEntry(located.content, mapping, mapping.entries.indexOf(place.entry));
  return fix("removeEntry", [edit], { words: [place.entry.key], preferred: true });
}

const kinds = { prompt_templates: "removeTemplate", samples: "removeSample", pairs: "removePair" } as const;

/** Takes the sample, pair or template out in which the problem is. */
export function removeItemFixes({ place, located }: FixTarget, safe: boolean): Fix[] {
  const [top, index] = place.path;
  const list = [...place.around, place.node][1];
  const kind = Object.entries(kinds).find(([key]) => key === top)?.[1];
  if (kind === undefined || typeof index !== "number" || list?.kind !== "sequence") return [];
  return fix(kind, [removeItem(located.content, list, index)], { preferred: true, safe });
}
