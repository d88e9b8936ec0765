import * as vscode from "vscode";
import { isRelationFile, relationPattern } from "../relationFiles";
import type { CommandContext } from "./commands";
import { selectedUris } from "./relationArgument";

const most = 1000;

/** Compares the relation files that are selected in the explorer; asks which where it is not two or more. */
export async function compareRelations(
  argument: unknown,
  selection: unknown,
  { relations }: Pick<CommandContext, "relations">,
): Promise<void> {
  const selected = selectedUris(argument, selection).filter((uri) => isRelationFile(uri) && uri.scheme === "file");
  const uris = selected.length > 1 ? selected : await pick(selected);
  if (uris === null) return;
  if (uris.length < 2) {
    void vscode.window.showWarningMessage(vscode.l10n.t("Choose two relation files or more to compare them."));
    return;
  }
  await relations.compare(uris);
}

interface FileItem extends vscode.QuickPickItem {
  readonly uri: vscode.Uri;
}

/** @returns null where nothing was chosen */
async function pick(selected: readonly vscode.Uri[]): Promise<readonly vscode.Uri[] | null> {
  const active = vscode.window.activeTextEditor?.document.uri;
  const picked = new Set((selected.length > 0 || active === undefined ? selected : [active]).map(String));
  const items = async (): Promise<FileItem[]> =>
    (await vscode.workspace.findFiles(relationPattern, undefined, most))
      .filter(({ scheme }) => scheme === "file")
      .map((uri) => ({ uri, label: vscode.workspace.asRelativePath(uri), picked: picked.has(uri.toString()) }))
      .sort((a, b) => a.label.localeCompare(b.label));
  const chosen = await vscode.window.showQuickPick<FileItem>(items(), {
    title: vscode.l10n.t("Relation Lens: Compare Relations"),
    placeHolder: vscode.l10n.t("Two relation files or more"),
    canPickMany: true,
  });
  return chosen?.map(({ uri }) => uri) ?? null;
}
