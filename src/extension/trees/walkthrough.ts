import * as vscode from "vscode";
import type { AnalysisRuns } from "../analysisRuns";

const walkthrough = "relation-lens.relation-lens#relationLens.start";
const key = "relationLens.walkthroughIn";

export async function openWalkthrough(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.openWalkthrough", walkthrough, false);
}

/** Opening a folder closes the walkthrough with everything else: it is opened again in the folder. */
export const pageAfterReload = {
  remember: (memory: vscode.Memento, folder: vscode.Uri): Thenable<void> => memory.update(key, folder.toString()),

  /** Called when the extension starts. */
  async restore(memory: vscode.Memento): Promise<void> {
    const folder = memory.get<unknown>(key);
    if (folder === undefined || vscode.workspace.workspaceFolders === undefined) return;
    if (!vscode.workspace.workspaceFolders.some(({ uri }) => uri.toString() === folder)) return;
    await memory.update(key, undefined);
    await openWalkthrough();
  },
};

/** Steps of the walkthrough are completed by what came of them: a report, and one with a second model. */
export function followSteps(runs: Pick<AnalysisRuns, "onDidHappen">): vscode.Disposable {
  let compared = false;
  const complete = (step: "analysed" | "compared") =>
    void vscode.commands.executeCommand("setContext", `relationLens.${step}`, true);
  return runs.onDidHappen((event) => {
    if (event.type === "started") compared = event.models.compare !== undefined;
    if (event.type !== "report") return;
    complete("analysed");
    if (compared) complete("compared");
  });
}
