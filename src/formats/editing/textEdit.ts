import type { Span } from "../lineIndex";

/** Text that takes the place of a span. */
export interface TextEdit extends Span {
  readonly text: string;
}

/** Those of the edits that touch nothing an earlier one changes. */
export function withoutOverlaps(edits: readonly TextEdit[]): readonly TextEdit[] {
  const kept: TextEdit[] = [];
  for (const edit of edits) {
    if (kept.every(({ start, end }) => edit.end <= start || edit.start >= end)) kept.push(edit);
  }
  return kept;
}
