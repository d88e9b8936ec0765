import * as vscode from "vscode";
import { relationOutline } from "../../formats/relationOutline";
import type { Position } from "../../protocol/problem";
import { openDocument } from "../relationFiles";

/** What a file must have in it to be worth reading as a relation. */
const mayExpect = /\bexpect\b/;

/** Brings the items of a file up to date with its text; a file that expects nothing has none. */
export async function updateItems(controller: vscode.TestController, uri: vscode.Uri): Promise<void> {
  const text = await textOf(uri);
  const id = uri.toString();
  const outline = text !== null && mayExpect.test(text) ? relationOutline(text, uri.fsPath) : null;
  const expectations = outline?.expectations ?? [];
  if (outline === null || expectations.length === 0) {
    controller.items.delete(id);
    return;
  }
  const file = controller.items.get(id) ?? controller.createTestItem(id, outline.name.text, uri);
  file.label = outline.name.text;
  file.description = vscode.workspace.asRelativePath(uri);
  const items = expectations.map(({ path, expected, position }) => {
    const item = file.children.get(path) ?? controller.createTestItem(path, path, uri);
    item.description = expected;
    item.range = rangeOf(position);
    return item;
  });
  file.range = new vscode.Range(0, 0, 0, 0);
  file.children.replace(items);
  controller.items.add(file);
}

/** As it is in the editor, else on disk; null where it cannot be read. */
async function textOf(uri: vscode.Uri): Promise<string | null> {
  const document = openDocument(uri);
  if (document !== undefined) return document.getText();
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return null;
  }
}

function rangeOf({ line, column, endLine = line, endColumn = column }: Position): vscode.Range {
  return new vscode.Range(line - 1, column - 1, endLine - 1, endColumn - 1);
}
