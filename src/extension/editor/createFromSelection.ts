import { basename } from "node:path";
import * as vscode from "vscode";
import { draftOf, draftText, type Selected } from "../../formats/editing/selectedRelation";
import { literal } from "../../formats/editing/suggestion";
import { openUntitled } from "./untitledRelation";

/** Drafts a relation file from selected lines of pairs, or from a prompt with its subject selected. */
export async function createFromSelection(): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const draft = editor === undefined || editor.selection.isEmpty ? null : draftOf(selected(editor));
  if (editor === undefined || draft === null) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t(
        "Select lines with a subject and an object each, such as “easy easiest” or “easy, easiest”; or, in a prompt, the word that changes.",
      ),
    );
    return;
  }
  const { uri } = editor.document;
  const name = basename(uri.path).replace(/\.[^.]*$/, "");
  const folder = uri.scheme === "file" ? vscode.Uri.joinPath(uri, "..") : undefined;
  await openUntitled(name, new vscode.SnippetString(literal(draftText(draft, name))), folder);
}

function selected({ document, selection }: vscode.TextEditor): Selected {
  const { start, end } = selection;
  return {
    text: document.getText(selection),
    before: document.lineAt(start.line).text.slice(0, start.character),
    behind: document.lineAt(end.line).text.slice(end.character),
  };
}
