import type { TextEdit } from "../../../src/formats/editing/textEdit";

/** The text after edits that do not overlap, in any order. */
export function applyEdits(content: string, edits: readonly TextEdit[]): string {
  return edits
    .toSorted((a, b) => b.start - a.start || b.end - a.end)
    .reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), content);
}
