import { nearest } from "../nearest";
import { pairKeys, relationKeys, sampleKeys } from "../relationSchema";
import { fix, type Fix, type FixTarget } from "./fix";
import { removeEntry } from "./removal";

/** Keys that may stand in the mapping at a path. */
export function knownKeys([top, index]: readonly (string | number)[]): readonly string[] {
  if (top === undefined) return relationKeys;
  if (top === "samples" && typeof index === "number") return sampleKeys;
  return top === "pairs" && typeof index === "number" ? pairKeys : [];
}

export function unknownKeyFixes(target: FixTarget): Fix[] {
  const { entry, around, path, onKey } = target.place;
  const mapping = around.at(-1);
  if (entry === null || !onKey || mapping?.kind !== "mapping") return [];
  const free = knownKeys(path.slice(0, -1)).filter((key) => mapping.entries.every((other) => other.key !== key));
  const meant = nearest(entry.key, free);
  const { start, end } = entry.keySpan;
  const quote = /^["']/.exec(target.located.content.slice(start, end))?.[0] ?? "";
  return [
    ...(meant === null
      ? []
      : fix("renameKey", [{ start, end, text: quote + meant + quote }], { words: [meant], preferred: true })),
    ...removeKeyFixes(target),
  ];
}

export function removeKeyFixes({ located, place: { entry, around, onKey } }: FixTarget): Fix[] {
  const mapping = around.at(-1);
  if (entry === null || !onKey || mapping?.kind !== "mapping") return [];
  const edit = removeEntry(located.content, mapping, mapping.entries.indexOf(entry));
  return fix("removeKey", [edit], { words: [entry.key] });
}
