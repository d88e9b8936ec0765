import * as vscode from "vscode";
import type { AnalysisRuns } from "../analysisRuns";

/** Says, beside what the panel says, that the engine stopped: the panel may be closed. */
export class CrashNotice implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;

  constructor(runs: AnalysisRuns, log: vscode.LogOutputChannel) {
    this.subscription = runs.onDidHappen((event) => {
      if (event.type !== "crashed") return;
      for (const { message, remedy } of event.problems) {
        log.error(message);
        const showLog = vscode.l10n.t("Show Log");
        void vscode.window.showErrorMessage(`${message} ${remedy}`, showLog).then((choice) => {
          if (choice === showLog) log.show();
        });
      }
    });
  }

  dispose(): void {
    this.subscription.dispose();
  }
}
