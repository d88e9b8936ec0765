import { LineIndex } from "./lineIndex";
import { maximumBytes } from "./readTextFile";
import type { LocatedNode } from "./locatedNode";
import { isJsonFile, parseData } from "./parseData";
import { parseHalfWrittenYaml } from "./parseYaml";

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
  return { content, isJson: isJsonFile(file), lines: new LineIndex(content), root: rootOf(content, file) };
}

function rootOf(content: string, file: string): LocatedNode | null {
  if (content.length > maximumBytes) return null;
  // Broken JSON is YAML in flow style, whose reader goes on after a mistake.
  return parseData(content, file).root ?? parseHalfWrittenYaml(content);
}
