import * as vscode from "vscode";
import type { EngineJobs } from "../engineJobs";

/** Says, beside what the panel says, that the engine stopped: the panel may be closed. */
export class CrashNotice implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;

  constructor(jobs: Pick<EngineJobs, "onDidCrash">, log: vscode.LogOutputChannel) {
    this.subscription = jobs.onDidCrash((problems) => {
      for (const { message, remedy } of problems) {
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
