import * as vscode from "vscode";
import type { AnalysisRuns } from "../analysisRuns";
import type { EngineJobs } from "../engineJobs";
import { isRelationFile } from "../relationFiles";
import { modelName } from "../settings";

/** The model in use, beside a relation file; a click lets one choose another or, while an analysis runs, cancels it. */
export class ModelStatus implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("relationLens.model", vscode.StatusBarAlignment.Right, 90);
  private readonly subscriptions: vscode.Disposable;
  private busy: number | null = null;
  private reported: string | null = null;

  constructor(runs: Pick<AnalysisRuns, "onDidHappen">, jobs: Pick<EngineJobs, "onDidProgress">) {
    this.item.name = vscode.l10n.t("Relation Lens model");
    this.subscriptions = vscode.Disposable.from(
      this.item,
      jobs.onDidProgress((fraction) => this.onProgress(fraction)),
      runs.onDidHappen((event) => {
        if (event.type !== "report") return;
        this.reported = event.model;
        this.draw();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.draw()),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (!change.affectsConfiguration("relationLens.model")) return;
        this.reported = null;
        this.draw();
      }),
    );
    this.draw();
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private onProgress(fraction: number | null): void {
    const before = this.busy;
    this.busy = fraction === null ? null : Math.round(100 * fraction);
    if (before === null || this.busy === null) {
      void vscode.commands.executeCommand("setContext", "relationLens.busy", this.busy !== null);
    }
    if (before !== this.busy) this.draw();
  }

  private draw(): void {
    const file = vscode.window.activeTextEditor?.document.uri;
    const name = this.reported ?? modelName(file);
    if (this.busy === null) {
      this.item.text = `$(graph-line) ${name}`;
      this.item.tooltip = vscode.l10n.t("Relation Lens analyses with the model {0}. Click to choose another.", name);
      this.item.command = "relationLens.chooseModel";
    } else {
      this.item.text = `$(loading~spin) ${name} ${this.busy}%`;
      this.item.tooltip = vscode.l10n.t("Relation Lens is analysing. Click to cancel.");
      this.item.command = "relationLens.cancel";
    }
    this.item.accessibilityInformation = { label: `Relation Lens: ${this.item.tooltip}`, role: "button" };
    // Beside a panel no text editor may be active; the item stays then.
    if (this.busy !== null || file === undefined || isRelationFile(file)) this.item.show();
    else this.item.hide();
  }
}
