import type { Span } from "../lineIndex";

/** Text that takes the place of a span. */
export interface TextEdit extends Span {
  readonly text: string;
}

/** The text after edits that do not overlap, in any order. */
export function applyEdits(content: string, edits: readonly TextEdit[]): string {
  return edits
    .toSorted((a, b) => b.start - a.start || b.end - a.end)
    .reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), content);
}

/** Those of the edits that touch nothing an earlier one changes. */
export function withoutOverlaps(edits: readonly TextEdit[]): readonly TextEdit[] {
  const kept: TextEdit[] = [];
  for (const edit of edits) {
    if (kept.every(({ start, end }) => edit.end <= start || edit.start >= end)) kept.push(edit);
  }
  return kept;
}
