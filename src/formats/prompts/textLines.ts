import type { Span } from "../lineIndex";

export interface TextLine extends Span {
  readonly text: string;
}

/** The lines of a text that are not blank. */
export function linesOf(content: string): TextLine[] {
  return [...content.matchAll(/[^\r\n]+/g)]
    .filter(([line]) => line.trim() !== "")
    .map(({ index, 0: text }) => ({ text, start: index, end: index + text.length }));
}

/** The lines of a text that are not blank, each without the white space around it. */
export function inkedLines(content: string): TextLine[] {
  return linesOf(content).map(({ text: line, start: lineStart }) => {
    const text = line.trim();
    const start = lineStart + line.length - line.trimStart().length;
    return { text, start, end: start + text.length };
  });
}
