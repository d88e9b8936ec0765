import { nameFromFile } from "../relationFile";
import type { Cursor } from "./cursor";
import { comparisonSuggestions, figureSuggestions } from "./expectSuggestions";
import { keySuggestions, wholeSuggestions } from "./keySuggestions";
import { plainOrQuoted } from "./scalarText";
import { literal, type Known, type Suggestion } from "./suggestion";

/**
 * What can be written at the cursor, the likeliest first.
 *
 * @param keys whether keys and snippets are wanted, which an editor that reads the schema has already
 */
export function suggestionsAt(cursor: Cursor, file: string, known: Known, keys = true): readonly Suggestion[] {
  const { path, role } = cursor;
  const [top, second] = path;
  if (refersTo(cursor, "control_relations")) return wordSuggestions("file", known.relationFiles, cursor);
  if (refersTo(cursor, "model")) return wordSuggestions("model", known.models, cursor);
  if (top === "expect") {
    if (role === "key" && path.length === 1) return figureSuggestions(cursor);
    return typeof second === "string" ? comparisonSuggestions(second, cursor) : [];
  }
  if (!keys) return [];
  return [...wholeSuggestions(cursor, nameFromFile(file)), ...(role === "key" ? keySuggestions(cursor) : [])];
}

/** Whether one of the names that stand under a key is being written; the first may read like a key. */
export function refersTo({ path, role, siblings }: Cursor, key: "control_relations" | "model"): boolean {
  const depth = key === "model" ? 1 : 2;
  return (
    path[0] === key && path.length <= depth && (role === "value" || (siblings.length === 0 && path.length === depth))
  );
}

function wordSuggestions(kind: "file" | "model", words: readonly string[], { quote, path }: Cursor): Suggestion[] {
  const isItem = kind === "model" || path.length === 2;
  return words.map((word) => ({
    kind,
    label: word,
    body: literal(quote === null ? (isItem ? plainOrQuoted(word) : `[${plainOrQuoted(word)}]`) : word),
  }));
}
