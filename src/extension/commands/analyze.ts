import * as vscode from "vscode";
import { isRelationFile } from "../relationFiles";
import type { ReportPanel } from "../views/panel";
import type { CommandContext } from "./commands";

/** Analyses the file of a menu, else of the active editor, else the panel's, with the panel beside it. */
export async function analyze(
  argument: unknown,
  { engine, runs, panel }: Pick<CommandContext, "engine" | "runs" | "panel">,
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
  // The process starts while the editor opens the file and the panel.
  engine.warmUp();
  await showBesidePanel(uri, panel);
  panel.show(uri);
  await runs.analyze(uri);
}

/** Opens the file where the panel will not cover it. A file that is no text stays closed: the panel says why. */
async function showBesidePanel(uri: vscode.Uri, panel: ReportPanel): Promise<void> {
  const isShown = vscode.window.visibleTextEditors.some(
    ({ document, viewColumn }) =>
      document.uri.toString() === uri.toString() && (panel.column === undefined || viewColumn !== panel.column),
  );
  if (isShown) return;
  const viewColumn = panel.column === vscode.ViewColumn.One ? vscode.ViewColumn.Two : vscode.ViewColumn.One;
  try {
    await vscode.window.showTextDocument(uri, { viewColumn, preserveFocus: true });
  } catch {
    return;
  }
}
