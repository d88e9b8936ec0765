import * as vscode from "vscode";
import { relationPattern } from "../relationFiles";
import type { Span } from "../../formats/lineIndex";
import type { TextEdit } from "../../formats/editing/textEdit";
import type { Position } from "../../protocol/problem";

/** Relation files, wherever they are. */
export const relationFiles: vscode.DocumentSelector = { pattern: relationPattern };

/** A problem without an end marks the rest of its line; one without a place marks the first line. */
export function toRange(position: Position | undefined): vscode.Range {
  if (position === undefined) return new vscode.Range(0, 0, 0, Number.MAX_SAFE_INTEGER);
  const { line, column, endLine = line, endColumn } = position;
  return new vscode.Range(
    line - 1,
    column - 1,
    endLine - 1,
    endColumn === undefined ? Number.MAX_SAFE_INTEGER : endColumn - 1,
  );
}

export function spanRange(document: vscode.TextDocument, { start, end }: Span): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

/** Edits of a text as one of the editor's, which can be undone at once. */
export function workspaceEdit(document: vscode.TextDocument, edits: readonly TextEdit[]): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  const changes = edits.map((change) => vscode.TextEdit.replace(spanRange(document, change), change.text));
  edit.set(document.uri, changes);
  return edit;
}

/** Where a range is after a change of the text; null where the change touches it. */
export function moved(
  range: vscode.Range,
  { range: old, text }: vscode.TextDocumentContentChangeEvent,
): vscode.Range | null {
  if (old.start.isAfter(range.end) || (old.start.isEqual(range.end) && !range.isEmpty)) return range;
  if (old.end.isAfter(range.start)) return null;
  const lines = text.split(/\r\n|\n|\r/);
  const last = lines.at(-1) ?? "";
  const lineDelta = lines.length - 1 - (old.end.line - old.start.line);
  const column = lines.length === 1 ? old.start.character + last.length : last.length;
  const place = ({ line, character }: vscode.Position) =>
    new vscode.Position(line + lineDelta, line === old.end.line ? column + character - old.end.character : character);
  return new vscode.Range(place(range.start), place(range.end));
}
