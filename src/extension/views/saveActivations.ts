import * as vscode from "vscode";
import type { AnalysisRuns } from "../analysisRuns";
import { askForActivations } from "./exports";
import type { PanelSession } from "./panelSession";

/**
 * Analyses again and writes the activations on the way: only then do they belong to the figures that are shown, whatever
 * became of file, settings and engine since the last analysis.
 */
export async function saveActivations(
  { file, models }: Pick<PanelSession, "file" | "models">,
  runs: Pick<AnalysisRuns, "analyze">,
): Promise<void> {
  const target = await askForActivations(file);
  if (target === undefined) return;
  // What went wrong is said in the panel.
  if (await runs.analyze(vscode.Uri.file(file), models, target)) {
    void vscode.window.showInformationMessage(vscode.l10n.t("The activations were saved in {0}.", target.fsPath));
  }
}
