import type { Position } from "../protocol/problem";

/** Part of a text: offsets in UTF-16 code units, `end` excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Turns offsets of a text into lines and columns as editors count them: from 1, in UTF-16 code units. */
export class LineIndex {
  private readonly starts: number[] = [0];

  constructor(private readonly text: string) {
    for (const lineEnd of text.matchAll(/\r\n|\n|\r/g)) this.starts.push(lineEnd.index + lineEnd[0].length);
  }

  position({ start, end }: Span): Position {
    const from = this.lineAndColumn(start);
    const to = this.lineAndColumn(Math.max(start, end));
    return { ...from, endLine: to.line, endColumn: to.column };
  }

  /** Of the first character of a position; that of the text's end for one beyond it. */
  offset({ line, column }: Pick<Position, "line" | "column">): number {
    return Math.min((this.starts[line - 1] ?? this.text.length) + column - 1, this.text.length);
  }

  private lineAndColumn(wanted: number): { line: number; column: number } {
    const offset = Math.min(Math.max(wanted, 0), this.text.length);
    let low = 0;
    let high = this.starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (this.starts[low] ?? 0) + 1 };
  }
}
