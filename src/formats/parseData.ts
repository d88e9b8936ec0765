import { parseJson } from "./parseJson";
import { parseYaml } from "./parseYaml";
import type { LocatedNode, ParsedText } from "./locatedNode";

interface Parse {
  readonly text: string;
  readonly isJson: boolean;
  readonly parsed: ParsedText;
}

/** Readers of the same text come one after the other: for its problems, its outline, its figures. */
let last: Parse | null = null;

export const isJsonFile = (file: string): boolean => /\.json$/i.test(file);

/**
 * Reads JSON where the file's name ends in `.json`, YAML otherwise, with the place of every value. Never throws.
 * @returns frozen, as the same text read again is given the same values
 */
export function parseData(text: string, file: string): ParsedText {
  const isJson = isJsonFile(file);
  if (last?.text === text && last.isJson === isJson) return last.parsed;
  const parsed = isJson ? parseJson(text) : parseYaml(text);
  if (parsed.root !== null) freeze(parsed.root);
  for (const problem of Object.freeze(parsed.problems)) Object.freeze(problem);
  last = { text, isJson, parsed: Object.freeze(parsed) };
  return parsed;
}

function freeze(node: LocatedNode): void {
  Object.freeze(node);
  if (node.kind === "sequence") Object.freeze(node.items).forEach(freeze);
  if (node.kind === "mapping") {
    for (const entry of Object.freeze(node.entries)) {
      Object.freeze(entry);
      Object.freeze(entry.keySpan);
      freeze(entry.value);
    }
  }
}
