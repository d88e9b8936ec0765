import * as vscode from "vscode";
import type { ReportPanel } from "../views/panel";
import { isRelationFile, relationPattern } from "../relationFiles";
import { relationName } from "./relationItem";

/**
 * The relation of the active editor, else the panel's, else one of the workspace that is picked.
 *
 * @returns null where nothing was picked
 */
export async function pickRelation(panel: Pick<ReportPanel, "file">, placeHolder: string): Promise<vscode.Uri | null> {
  const active = vscode.window.activeTextEditor?.document.uri;
  if (active !== undefined && isRelationFile(active)) return active;
  if (panel.file !== null) return panel.file;
  const files = await vscode.workspace.findFiles(relationPattern);
  const items = files
    .map((uri) => ({ label: relationName(uri), description: vscode.workspace.asRelativePath(uri), uri }))
    .sort((a, b) => a.description.localeCompare(b.description));
  if (items.length === 0) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t("This workspace has no relation files. Make one with New Relation, or open the samples."),
    );
    return null;
  }
  const picked = await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true });
  return picked?.uri ?? null;
}
