import { dirname } from "node:path";
import * as vscode from "vscode";
import type { SavedTable } from "../../protocol/panel";
import { reportName } from "./exports";

/** Writes the tables into a new folder, in one that the person chooses; never over other files. */
export async function saveTables(tables: readonly SavedTable[], relationFile: string): Promise<void> {
  const [chosen] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      defaultUri: vscode.Uri.file(dirname(relationFile)),
      openLabel: vscode.l10n.t("Save Tables Here"),
      title: vscode.l10n.t("Folder to save the tables in, in one of their own"),
    })) ?? [];
  if (chosen === undefined) return;
  const folder = await freshFolder(chosen, `${reportName(relationFile)}.tables`);
  await vscode.workspace.fs.createDirectory(folder);
  for (const { name, text } of tables) {
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, name), Buffer.from(text));
  }
  void vscode.window.showInformationMessage(
    vscode.l10n.t("{0} tables were saved in {1}.", tables.length, folder.fsPath),
  );
}

/** `superlative.tables`, or with a number where that is taken. */
async function freshFolder(parent: vscode.Uri, name: string): Promise<vscode.Uri> {
  for (let i = 1; ; i++) {
    const folder = vscode.Uri.joinPath(parent, i === 1 ? name : `${name}-${i}`);
    const taken = await vscode.workspace.fs.stat(folder).then(
      () => true,
      () => false,
    );
    if (!taken) return folder;
  }
}
