import * as vscode from "vscode";
import type { AnalysisRuns } from "../analysisRuns";
import type { EngineJobs } from "../engineJobs";
import { isNamedForAnalysis } from "../relationFiles";
import { modelName } from "../settings";
import type { LastResults } from "../trees/lastResults";
import { trustNote } from "../trust";
import type { ReportPanel } from "./panel";
import { statusTooltip } from "./statusTooltip";

/** The model in use, beside what it analyses; a click lets one choose another or, while an analysis runs, cancels it. */
export class ModelStatus implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("relationLens.model", vscode.StatusBarAlignment.Right, 90);
  private readonly subscriptions: vscode.Disposable;
  private busy: number | null = null;
  private reported: string | null = null;

  constructor(
    runs: Pick<AnalysisRuns, "onDidHappen">,
    jobs: Pick<EngineJobs, "onDidProgress">,
    private readonly panel: Pick<ReportPanel, "file">,
    private readonly results: Pick<LastResults, "of" | "onDidChange">,
  ) {
    this.item.name = vscode.l10n.t("Relation Lens model");
    const draw = () => this.draw();
    this.subscriptions = vscode.Disposable.from(
      this.item,
      jobs.onDidProgress((fraction) => this.onProgress(fraction)),
      runs.onDidHappen((event) => {
        if (event.type === "report") this.reported = event.model;
      }),
      results.onDidChange(draw),
      vscode.workspace.onDidGrantWorkspaceTrust(draw),
      vscode.window.onDidChangeActiveTextEditor(draw),
      vscode.window.tabGroups.onDidChangeTabs(draw),
      vscode.window.tabGroups.onDidChangeTabGroups(draw),
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
    const { busy } = this;
    const file = fileInSight(this.panel, this.results);
    const model = this.reported ?? modelName(file ?? undefined);
    const note = trustNote();
    const icon = note === null ? "$(graph-line)" : "$(workspace-untrusted)";
    this.item.text = busy === null ? `${icon} ${model}` : `$(loading~spin) ${model} ${busy}%`;
    this.item.command = busy === null ? "relationLens.chooseModel" : "relationLens.cancel";
    this.item.tooltip = statusTooltip({ model, busy, file, result: file === null ? null : this.results.of(file) });
    const label =
      busy === null
        ? vscode.l10n.t("Relation Lens analyses with the model {0}. Click to choose another.", model)
        : vscode.l10n.t("Relation Lens is analysing. Click to cancel.");
    this.item.accessibilityInformation = { label: note === null ? label : `${label} ${note}`, role: "button" };
    if (busy !== null || file !== null) this.item.show();
    else this.item.hide();
  }
}

/**
 * The relation or the prompts that somebody looks at: the active file, else the panel's while one of our pages is
 * active. Of files that any text may be, those that were analysed.
 */
function fileInSight(panel: Pick<ReportPanel, "file">, results: Pick<LastResults, "of">): vscode.Uri | null {
  const active = vscode.window.activeTextEditor?.document.uri;
  if (active !== undefined) return isNamedForAnalysis(active) || results.of(active) !== null ? active : null;
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const ours = input instanceof vscode.TabInputWebview && input.viewType.includes("relationLens.");
  return ours ? panel.file : null;
}
