import { LineIndex } from "./lineIndex";
import { maximumBytes } from "./readTextFile";
import type { LocatedNode } from "./locatedNode";
import { parseJson } from "./parseJson";
import { parseHalfWrittenYaml, parseYaml } from "./parseYaml";

/** A relation file's text with the place of everything that can be found in it. */
export interface LocatedText {
  /** Without a byte order mark, as editors have it; offsets count in it. */
  readonly content: string;
  readonly isJson: boolean;
  readonly lines: LineIndex;
  /** Null where nothing can be found. Of broken syntax, what stands apart from the mistake. */
  readonly root: LocatedNode | null;
}

/** Reads JSON where the file's name ends in `.json`, YAML otherwise, finished or not. Never throws. */
export function readLocated(text: string, file: string): LocatedText {
  const content = text.startsWith("\ufeff") ? text.slice(1) : text;
  const isJson = /\.json$/i.test(file);
  return { content, isJson, lines: new LineIndex(content), root: rootOf(content, isJson) };
}

function rootOf(content: string, isJson: boolean): LocatedNode | null {
  if (content.length > maximumBytes) return null;
  const json = isJson ? parseJson(content).root : null;
  // Broken JSON is YAML in flow style, whose reader goes on after a mistake.
  return json ?? (isJson ? null : parseYaml(content).root) ?? parseHalfWrittenYaml(content);
}
