import * as vscode from "vscode";
import type { ModelsOfRun } from "../analysisRuns";
import type { ReportPanel } from "../views/panel";
import type { CommandContext } from "./commands";
import { relationArgument } from "./relationArgument";

/** Analyses the file of a menu, else of the active editor, else the panel's, with the panel beside it. */
export async function analyze(argument: unknown, context: Pick<CommandContext, "runs" | "panel">): Promise<void> {
  const uri = relationArgument(argument, context.panel);
  if (uri !== null) await analyzeInPanel(uri, {}, context);
}

export async function analyzeInPanel(
  uri: vscode.Uri,
  models: ModelsOfRun,
  { runs, panel }: Pick<CommandContext, "runs" | "panel">,
): Promise<void> {
  if (!(await runs.subjects.ensure(uri))) return;
  // Engine, file and panel open at the same time.
  const end = runs.analyze(uri, models);
  await Promise.all([showBeside(uri, panel), end]);
}

/** Shows the panel, and the file where the panel does not cover it. */
export async function showBeside(uri: vscode.Uri, panel: ReportPanel): Promise<void> {
  const { column, opened } = openFile(uri, panel);
  panel.show(uri, column === vscode.ViewColumn.Two ? vscode.ViewColumn.Three : vscode.ViewColumn.Two);
  await opened;
}

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
