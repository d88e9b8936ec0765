import * as vscode from "vscode";
import { relationSkeleton } from "../../formats/editing/skeleton";
import { openUntitled } from "./untitledRelation";

/**
 * Asks what the relation is called, and opens a file to fill in.
 *
 * @param folder of the explorer's menu, or a file in it
 */
export async function newRelation(folder: unknown): Promise<void> {
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t("Relation Lens: New Relation"),
    prompt: vscode.l10n.t("What the relation is called, such as superlative; the file is named after it"),
    validateInput: (text) => (text.trim() === "" ? vscode.l10n.t("Write a name.") : null),
  });
  if (name === undefined) return;
  await openUntitled(name, new vscode.SnippetString(relationSkeleton(name.trim())), await folderOf(folder));
}

async function folderOf(argument: unknown): Promise<vscode.Uri | undefined> {
  if (!(argument instanceof vscode.Uri) || argument.scheme !== "file") return undefined;
  const { type } = await vscode.workspace.fs.stat(argument);
  return type & vscode.FileType.Directory ? argument : vscode.Uri.joinPath(argument, "..");
}
