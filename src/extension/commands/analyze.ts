import * as vscode from "vscode";
import { isRelationFile } from "../relationFiles";
import type { ReportPanel } from "../views/panel";
import type { CommandContext } from "./commands";

/** Analyses the file of a menu, else of the active editor, else the panel's, with the panel beside it. */
export async function analyze(
  argument: unknown,
  { runs, panel }: Pick<CommandContext, "runs" | "panel">,
): Promise<void> {
  const active = vscode.window.activeTextEditor?.document.uri;
  const uri =
    argument instanceof vscode.Uri
      ? argument
      : active !== undefined && isRelationFile(active)
        ? active
        : (panel.file ?? undefined);
  if (uri === undefined || !isRelationFile(uri)) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t(
        "Relation Lens analyses relation files. Open a file whose name ends in .relation.yaml, .relation.yml or .relation.json.",
      ),
    );
    return;
  }
  if (uri.scheme !== "file") {
    void vscode.window.showWarningMessage(
      vscode.l10n.t("Relation Lens analyses files on disk. Save {0} to a folder first.", uri.path),
    );
    return;
  }
  // Engine, file and panel open at the same time.
  const end = runs.analyze(uri);
  const { column, opened } = openFile(uri, panel);
  panel.show(uri, column === vscode.ViewColumn.Two ? vscode.ViewColumn.Three : vscode.ViewColumn.Two);
  await Promise.all([opened, end]);
}

/** Opens the file where the panel does not cover it. */
function openFile(uri: vscode.Uri, panel: ReportPanel): { column: vscode.ViewColumn; opened: Promise<void> } {
  const shown = vscode.window.visibleTextEditors.find(
    ({ document, viewColumn }) =>
      document.uri.toString() === uri.toString() && (panel.column === undefined || viewColumn !== panel.column),
  );
  if (shown?.viewColumn !== undefined) return { column: shown.viewColumn, opened: Promise.resolve() };
  const column = panel.column === vscode.ViewColumn.One ? vscode.ViewColumn.Two : vscode.ViewColumn.One;
  return { column, opened: showFile(uri, column) };
}

/** A file that is no text stays closed: the panel says why. */
async function showFile(uri: vscode.Uri, viewColumn: vscode.ViewColumn): Promise<void> {
  try {
    await vscode.window.showTextDocument(uri, { viewColumn, preserveFocus: true });
  } catch {
    return;
  }
}
