import { setTimeout as nextTurn } from "node:timers/promises";
import * as vscode from "vscode";
import type { AnalyzeAnswer, ProgressMessage, ReportBytes } from "../protocol/engine";
import type { Problem } from "../protocol/problem";
import type { EngineAnswer, EngineClient } from "./engineClient";
import { openDocument } from "./relationFiles";
import { analyzeSettings } from "./settings";

/** What happens to the analysis of a file, in order: started, progress …, then one of the others. */
export type RunEvent =
  | { readonly type: "started"; readonly uri: vscode.Uri }
  | { readonly type: "progress"; readonly uri: vscode.Uri; readonly progress: ProgressMessage }
  | {
      readonly type: "report";
      readonly uri: vscode.Uri;
      readonly report: ReportBytes;
      /** Its model. */
      readonly model: string;
      readonly problems: readonly Problem[];
    }
  | { readonly type: "problems"; readonly uri: vscode.Uri; readonly problems: readonly Problem[] }
  | { readonly type: "crashed"; readonly uri: vscode.Uri; readonly problems: readonly Problem[] }
  | { readonly type: "cancelled"; readonly uri: vscode.Uri };

/** At most one analysis runs at a time; a new one cancels the one before. */
export class AnalysisRuns implements vscode.Disposable {
  private readonly events = new vscode.EventEmitter<RunEvent>();
  readonly onDidHappen = this.events.event;
  private current: { readonly source: vscode.CancellationTokenSource; readonly end: Promise<unknown> } | null = null;

  constructor(private readonly engine: EngineClient) {}

  get busy(): boolean {
    return this.current !== null;
  }

  /** Resolves, with the event that ended it, when the analysis has ended in one way or another. */
  async analyze(uri: vscode.Uri): Promise<RunEvent> {
    while (this.current !== null) {
      this.cancel();
      await this.current.end;
    }
    const source = new vscode.CancellationTokenSource();
    const end = this.run(uri, source.token).finally(() => source.dispose());
    this.current = { source, end };
    this.events.fire({ type: "started", uri });
    const last = await end.finally(() => (this.current = null));
    this.events.fire(last);
    return last;
  }

  cancel(): void {
    this.current?.source.cancel();
  }

  dispose(): void {
    this.cancel();
    this.events.dispose();
  }

  private async run(uri: vscode.Uri, token: vscode.CancellationToken): Promise<RunEvent> {
    const document = openDocument(uri);
    const unsaved = document?.isDirty === true ? { text: document.getText() } : {};
    const params = { file: uri.fsPath, ...unsaved, settings: analyzeSettings(uri) };
    try {
      const answer = await this.engine.analyze(params, token, (progress) =>
        this.events.fire({ type: "progress", uri, progress }),
      );
      // Reading a large answer and showing it are two turns of the event loop; typing gets in between.
      await nextTurn(0);
      return lastEvent(uri, answer);
    } catch (error) {
      return crashed(uri, error instanceof Error ? error.message : String(error));
    }
  }
}

function lastEvent(uri: vscode.Uri, answer: EngineAnswer): RunEvent {
  switch (answer.state) {
    case "cancelled":
      return { type: "cancelled", uri };
    case "crashed":
      return crashed(uri, answer.how);
    case "answered":
      return fromOutcome(uri, answer.outcome);
  }
}

function fromOutcome(uri: vscode.Uri, outcome: AnalyzeAnswer): RunEvent {
  const { problems } = outcome;
  return outcome.ok ? { type: "report", uri, ...outcome.value, problems } : { type: "problems", uri, problems };
}

function crashed(uri: vscode.Uri, how: string): RunEvent {
  return {
    type: "crashed",
    uri,
    problems: [
      {
        kind: "internal",
        code: "engine-crashed",
        severity: "error",
        message: vscode.l10n.t("The analysis engine stopped unexpectedly ({0}).", how),
        remedy: vscode.l10n.t("Run the analysis again: the engine starts anew. The log has the details."),
      },
    ],
  };
}
