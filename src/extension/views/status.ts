import * as vscode from "vscode";
import type { AnalysisRuns, RunEvent } from "../analysisRuns";
import { isRelationFile } from "../relationFiles";
import { modelName } from "../settings";

/** The model in use, beside a relation file; a click lets one choose another or, while an analysis runs, cancels it. */
export class ModelStatus implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("relationLens.model", vscode.StatusBarAlignment.Right, 90);
  private readonly subscriptions: vscode.Disposable;
  private busy: number | null = null;
  private reported: string | null = null;

  constructor(runs: AnalysisRuns) {
    this.item.name = vscode.l10n.t("Relation Lens model");
    this.subscriptions = vscode.Disposable.from(
      this.item,
      runs.onDidHappen((event) => this.onEvent(event)),
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

  private onEvent(event: RunEvent): void {
    const before = this.busy;
    this.busy = event.type === "started" ? 0 : event.type === "progress" ? percent(event.progress.fraction) : null;
    if (event.type === "report") this.reported = event.model;
    if (before === null || this.busy === null) {
      void vscode.commands.executeCommand("setContext", "relationLens.busy", this.busy !== null);
    }
    if (before !== this.busy || event.type === "report") this.draw();
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

function percent(fraction: number): number {
  return Math.round(100 * fraction);
}
