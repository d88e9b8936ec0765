import type { Span } from "../lineIndex";
import type { ProblemCollector } from "../problemCollector";

export interface TextLine extends Span {
  readonly text: string;
}

/** Many wrong lines are mostly one mistake made many times. */
const reportedLines = 20;

/** The lines of a text that are not blank, each without the white space around it. */
export function inkedLines(content: string): TextLine[] {
  return [...content.matchAll(/[^\r\n]+/g)].flatMap(({ index, 0: line }) => {
    const text = line.trim();
    const start = index + line.length - line.trimStart().length;
    return text === "" ? [] : [{ text, start, end: start + text.length }];
  });
}

/** Reports the first wrong lines. */
export class LineProblems {
  private count = 0;

  constructor(private readonly problems: ProblemCollector) {}

  report(span: Span, message: string, remedy: string, code = "prompt-bad-line"): void {
    this.count += 1;
    if (this.count <= reportedLines) this.problems.error(code, span, message, remedy);
  }
}
