import * as vscode from "vscode";
import type { AnalyzedReport, OpenedReport, ProgressMessage } from "../protocol/engine";
import type { ReportDigest } from "../protocol/digest";
import type { Problem } from "../protocol/problem";
import type { ReportBytes } from "../protocol/reportBytes";
import type { EngineClient } from "./engineClient";
import type { Ended, EngineJobs } from "./engineJobs";
import { analyzeSettings, modelLocation } from "./settings";
import { unsavedText, type SubjectChoices } from "./subjects/subjectChoices";
import { restrictions } from "./trust";

/** Models of a run that are not those of the settings; as they stand there. */
export interface ModelsOfRun {
  readonly model?: string;
  /** A second model, which the relation is analysed in too. */
  readonly compare?: string;
}

/** What happens to the analysis of a file, in order: started, progress …, then one of the others. */
export type RunEvent =
  | { readonly type: "started"; readonly uri: vscode.Uri; readonly models: ModelsOfRun }
  | { readonly type: "progress"; readonly uri: vscode.Uri; readonly progress: ProgressMessage }
  | {
      readonly type: "report";
      readonly uri: vscode.Uri;
      readonly report: ReportBytes;
      /** Its model. */
      readonly model: string;
      readonly digest: ReportDigest;
      readonly problems: readonly Problem[];
      /** The engine has its model open, rather than read it from a saved report. */
      readonly live: boolean;
    }
  | { readonly type: "problems"; readonly uri: vscode.Uri; readonly problems: readonly Problem[] }
  | { readonly type: "crashed"; readonly uri: vscode.Uri; readonly problems: readonly Problem[] }
  | { readonly type: "cancelled"; readonly uri: vscode.Uri };

/** What makes the reports of the panel. */
export class AnalysisRuns implements vscode.Disposable {
  private readonly events = new vscode.EventEmitter<RunEvent>();
  readonly onDidHappen = this.events.event;

  constructor(
    private readonly engine: EngineClient,
    private readonly jobs: EngineJobs,
    /** Of files that have none themselves. */
    readonly subjects: Pick<SubjectChoices, "of" | "chosen" | "ensure" | "choose" | "onDidChange">,
  ) {}

  get busy(): boolean {
    return this.jobs.busy;
  }

  /**
   * Resolves when the analysis has ended in one way or another.
   *
   * @param activations where to write the activations behind the figures; nowhere where absent
   * @returns whether there is a report
   */
  async analyze(uri: vscode.Uri, models: ModelsOfRun = {}, activations?: vscode.Uri): Promise<boolean> {
    const ended = await this.jobs.run({
      onStart: () => this.events.fire({ type: "started", uri, models }),
      ask: (token, fraction) => {
        const unsaved = { ...unsavedText(uri), ...this.subjects.chosen(uri) };
        const { model, compare } = models;
        const settings = {
          ...analyzeSettings(uri),
          ...(model !== undefined && { model: modelLocation(model, uri) }),
        };
        const second = compare === undefined ? {} : { compare: modelLocation(compare, uri) };
        const write = activations === undefined ? {} : { activations: activations.fsPath };
        const params = { file: uri.fsPath, ...unsaved, settings, ...second, ...write, ...restrictions() };
        return this.engine.analyze(params, token, (progress) => {
          fraction(progress.fraction);
          this.events.fire({ type: "progress", uri, progress });
        });
      },
      onEnd: (ended) => this.events.fire(lastEvent(uri, ended, true)),
    });
    return ended.type === "done";
  }

  /** @param uri the relation that the first report is about */
  async compareReports(left: vscode.Uri, right: vscode.Uri, uri: vscode.Uri): Promise<void> {
    await this.jobs.run({
      onStart: () => this.events.fire({ type: "started", uri, models: {} }),
      ask: (token) => this.engine.compareReports({ left: left.fsPath, right: right.fsPath }, token),
      onEnd: (ended) => this.events.fire(lastEvent(uri, ended, false)),
    });
  }

  /**
   * Reads a saved report of any kind; one about a relation is among the events.
   *
   * @param uri the relation that it is about
   */
  openReport(file: vscode.Uri, uri: vscode.Uri, models: ModelsOfRun): Promise<Ended<OpenedReport>> {
    return this.jobs.run<OpenedReport>({
      ask: (token) => this.engine.openReport({ file: file.fsPath }, token),
      onEnd: (ended) => {
        if (ended.type !== "done" || ended.value.kind !== "report") return;
        const { value, problems } = ended;
        this.events.fire({ type: "started", uri, models });
        this.events.fire(lastEvent(uri, { type: "done", value, problems }, false));
      },
    });
  }

  cancel(): void {
    this.jobs.cancel();
  }

  dispose(): void {
    this.events.dispose();
  }
}

function lastEvent(uri: vscode.Uri, ended: Ended<AnalyzedReport>, live: boolean): RunEvent {
  if (ended.type !== "done") return { ...ended, uri };
  const { report, model, digest } = ended.value;
  return { type: "report", uri, report, model, digest, problems: ended.problems, live };
}
