import * as vscode from "vscode";
import { relationPattern } from "../relationFiles";
import type { AnalysisRuns, RunEvent } from "../analysisRuns";
import { relationName } from "./relationItem";

/**
 * Analyses every relation file of the workspace, one after the other; each result appears in the list as it comes.
 * Cancelling one, or starting something else, leaves out the rest.
 */
export async function analyzeAll(runs: AnalysisRuns): Promise<void> {
  const files = (await vscode.workspace.findFiles(relationPattern)).sort((a, b) => a.path.localeCompare(b.path));
  if (files.length === 0) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t("This workspace has no relation files. Make one with New Relation, or open the samples."),
    );
    return;
  }
  const ended = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t("Analyzing relations"),
      cancellable: true,
    },
    (progress, token) => oneByOne(files, runs, progress, token),
  );
  await tell(ended, files.length);
}

type Ended = RunEvent["type"];

async function oneByOne(
  files: readonly vscode.Uri[],
  runs: AnalysisRuns,
  progress: vscode.Progress<{ message: string; increment: number }>,
  token: vscode.CancellationToken,
): Promise<readonly Ended[]> {
  const ended: Ended[] = [];
  for (const [i, uri] of files.entries()) {
    const message = vscode.l10n.t("{0} of {1}: {2}", i + 1, files.length, relationName(uri));
    progress.report({ message, increment: i === 0 ? 0 : 100 / files.length });
    const last = await one(uri, runs, token);
    ended.push(last);
    if (last === "cancelled" || last === "crashed") break;
  }
  return ended;
}

/** @returns how it ended */
async function one(uri: vscode.Uri, runs: AnalysisRuns, token: vscode.CancellationToken): Promise<Ended> {
  if (token.isCancellationRequested) return "cancelled";
  let last: Ended = "cancelled";
  const subscription = vscode.Disposable.from(
    runs.onDidHappen((event) => {
      if (event.uri.toString() === uri.toString()) last = event.type;
    }),
    token.onCancellationRequested(() => runs.cancel()),
  );
  try {
    await runs.analyze(uri);
    return last;
  } finally {
    subscription.dispose();
  }
}

async function tell(ended: readonly Ended[], files: number): Promise<void> {
  const count = (type: Ended) => ended.filter((one) => one === type).length;
  const done = count("report");
  const wrong = count("problems");
  const said =
    ended.length < files || count("cancelled") > 0
      ? vscode.l10n.t("{0} of {1} relations were analysed before the rest was left out.", done, files)
      : vscode.l10n.t("{0} of {1} relations were analysed.", done, files);
  const why = wrong === 0 ? "" : ` ${vscode.l10n.t("{0} cannot be: the list says why.", wrong)}`;
  const show = vscode.l10n.t("Show Relations");
  const choice = await vscode.window.showInformationMessage(said + why, show);
  if (choice === show) await vscode.commands.executeCommand("relationLens.relations.focus");
}
