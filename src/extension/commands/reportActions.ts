import { basename } from "node:path";
import * as vscode from "vscode";
import type { SavedReport } from "../reports/savedReport";
import { relationFileOf, savedReport } from "../reports/savedReport";
import { selectedUris } from "./relationArgument";

/** Opens the relation file that a report is about. */
export async function openRelationOf(argument: unknown): Promise<void> {
  const [uri] = selectedUris(argument, undefined);
  const report: SavedReport | null = uri === undefined ? null : await savedReport(uri);
  if (report?.head?.kind !== "report") return;
  const file = await relationFileOf(report.head.relation.file, report.uri.fsPath);
  if (file !== null) {
    await vscode.window.showTextDocument(vscode.Uri.file(file));
    return;
  }
  void vscode.window.showWarningMessage(
    vscode.l10n.t("The relation file {0} is not there any more.", report.head.relation.file),
  );
}

/** Moves reports to the trash, once the person has confirmed it. */
export async function deleteReports(argument: unknown, selection: unknown): Promise<void> {
  const uris = selectedUris(argument, selection);
  const [first] = uris;
  if (first === undefined) return;
  const remove = vscode.l10n.t("Move to Trash");
  const question =
    uris.length === 1
      ? vscode.l10n.t("Delete the report {0}?", basename(first.fsPath))
      : vscode.l10n.t("Delete {0} reports?", uris.length);
  if ((await vscode.window.showWarningMessage(question, { modal: true }, remove)) !== remove) return;
  for (const uri of uris) {
    try {
      await vscode.workspace.fs.delete(uri, { useTrash: true });
    } catch {
      if (!(await deleteForGood(uri))) return;
    }
  }
}

/** Where there is no trash. */
async function deleteForGood(uri: vscode.Uri): Promise<boolean> {
  const remove = vscode.l10n.t("Delete Permanently");
  const question = vscode.l10n.t("{0} cannot be moved to the trash. Delete it permanently?", basename(uri.fsPath));
  if ((await vscode.window.showWarningMessage(question, { modal: true }, remove)) !== remove) return false;
  await vscode.workspace.fs.delete(uri);
  return true;
}
