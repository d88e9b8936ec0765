import * as vscode from "vscode";
import { openDocument } from "../relationFiles";

/**
 * Shows a relation file that is not saved yet; saved, it gets a name that no file of its folder has.
 *
 * @param folder where it is to be saved; the first folder of the workspace where undefined
 */
export async function openUntitled(
  name: string,
  content: vscode.SnippetString,
  folder = vscode.workspace.workspaceFolders?.[0]?.uri,
): Promise<void> {
  const uri = await freeUri(folder, fileName(name));
  const document = await vscode.languages.setTextDocumentLanguage(await vscode.workspace.openTextDocument(uri), "yaml");
  const editor = await vscode.window.showTextDocument(document);
  await editor.insertSnippet(content, new vscode.Position(0, 0));
}

/** A name that every file system takes. */
function fileName(name: string): string {
  const plain = name
    .trim()
    .replace(/[\\/:*?"<>|\s]+/g, "-")
    .replace(/^[.-]+|[.-]+$/g, "");
  return plain === "" ? "relation" : plain;
}

async function freeUri(folder: vscode.Uri | undefined, name: string): Promise<vscode.Uri> {
  for (let i = 1; ; i++) {
    const file = `${name}${i === 1 ? "" : `-${i}`}.relation.yaml`;
    const place = folder === undefined ? null : vscode.Uri.joinPath(folder, file);
    const uri =
      place === null ? vscode.Uri.from({ scheme: "untitled", path: file }) : place.with({ scheme: "untitled" });
    if (openDocument(uri) === undefined && (place === null || !(await exists(place)))) return uri;
  }
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
