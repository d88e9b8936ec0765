/** Counted from 0, as the editor does. */
export interface Place {
  readonly line: number;
  readonly character: number;
}

export interface Span {
  readonly start: Place;
  readonly end: Place;
}

/** A span of a text that another text takes the place of. */
export interface Edit {
  readonly range: Span;
  readonly text: string;
}

/** Where an edit leaves a span; null where it changes what the span holds. */
export function movedSpan(span: Span, { range, text }: Edit): Span | null {
  if (!isBefore(range.start, span.end)) return span;
  if (isBefore(span.start, range.end)) return null;
  const inserted = text.split(/\r\n|\n|\r/);
  const lines = inserted.length - 1;
  const last = inserted[lines]?.length ?? 0;
  const endOfText = {
    line: range.start.line + lines,
    character: lines === 0 ? range.start.character + last : last,
  };
  const moved = ({ line, character }: Place): Place => ({
    line: line - range.end.line + endOfText.line,
    character: line === range.end.line ? character - range.end.character + endOfText.character : character,
  });
  return { start: moved(span.start), end: moved(span.end) };
}

function isBefore(a: Place, b: Place): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}
