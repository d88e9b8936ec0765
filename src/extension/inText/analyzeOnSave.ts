import * as vscode from "vscode";
import type { AnalysisRuns } from "../analysisRuns";
import type { EngineJobs } from "../engineJobs";
import type { TextResults } from "./textResults";
import { textSettings } from "./textSettings";

/** Several saves in a row, such as of "Save All" with formatters, make one analysis. */
const quiet = 300;

/** Analyses a file again when it is saved with other contents than were analysed, where the setting asks for it. */
export class AnalyzeOnSave implements vscode.Disposable {
  private timer: NodeJS.Timeout | undefined;
  /** Saved while the engine was at something that a save must not cancel. */
  private waiting: vscode.TextDocument | null = null;
  private readonly subscriptions: vscode.Disposable;

  constructor(
    private readonly runs: Pick<AnalysisRuns, "analyze">,
    private readonly jobs: Pick<EngineJobs, "busy" | "onDidProgress">,
    private readonly results: TextResults,
  ) {
    this.subscriptions = vscode.Disposable.from(
      vscode.workspace.onDidSaveTextDocument((document) => this.onSave(document)),
      jobs.onDidProgress((fraction) => {
        if (fraction === null && this.waiting !== null) this.analyzeSoon(this.waiting);
      }),
    );
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscriptions.dispose();
  }

  private onSave(document: vscode.TextDocument): void {
    if (this.results.of(document.uri) === undefined || !textSettings(document.uri).analyzeOnSave) return;
    this.analyzeSoon(document);
  }

  private analyzeSoon(document: vscode.TextDocument): void {
    clearTimeout(this.timer);
    this.waiting = null;
    this.timer = setTimeout(() => this.analyze(document), quiet);
  }

  private analyze(document: vscode.TextDocument): void {
    const { uri } = document;
    const result = this.results.of(uri);
    if (result === undefined || document.isClosed) return;
    // The analysis of an earlier text is of no use any more; another file's, a comparison or a simulation is.
    if (this.jobs.busy && !this.results.isRunning(uri)) {
      this.waiting = document;
      return;
    }
    const contents = this.results.read(document.getText(), uri);
    if (contents.fingerprint === null || this.results.covers(uri, contents)) return;
    void this.runs.analyze(uri, result.models);
  }
}
