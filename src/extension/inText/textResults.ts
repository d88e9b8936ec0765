import * as vscode from "vscode";
import type { ReportDigest } from "../../protocol/digest";
import type { AnalysisRuns, ModelsOfRun, RunEvent } from "../analysisRuns";
import { openDocument } from "../relationFiles";
import type { ResultMemory, TextResult } from "./resultMemory";
import type { SubjectChoices } from "../subjects/subjectChoices";
import { readContents, type TextContents } from "./textContents";

/** What the last analysis of each file found, for what is shown in its text. */
export class TextResults implements vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changes.event;
  private readonly subscription: vscode.Disposable;
  /** The file whose analysis runs, with its text; null for a text that is read when needed. */
  private running: { readonly uri: vscode.Uri; readonly text: string | null; readonly models: ModelsOfRun } | null =
    null;

  constructor(
    runs: Pick<AnalysisRuns, "onDidHappen">,
    private readonly memory: ResultMemory,
    private readonly subjects: Pick<SubjectChoices, "chosen">,
  ) {
    this.subscription = runs.onDidHappen((event) => void this.onEvent(event));
  }

  of(uri: vscode.Uri): TextResult | undefined {
    return this.memory.get(uri.toString());
  }

  /** What the text of a file says, read as a person has chosen. */
  read(text: string, uri: vscode.Uri): TextContents {
    return readContents(text, uri.fsPath, this.subjects.chosen(uri).choice);
  }

  isRunning(uri: vscode.Uri): boolean {
    return this.running?.uri.toString() === uri.toString();
  }

  /** Whether the figures are of what the file says now. */
  isFresh({ analysed, digest }: TextResult, contents: TextContents): boolean {
    if (analysed !== null) return contents.fingerprint === analysed;
    return contents.fingerprint !== null && saysTheSame(digest, contents);
  }

  /** Whether the figures that are there, or are being computed, are of what the file says now. */
  covers(uri: vscode.Uri, contents: TextContents): boolean {
    const { running } = this;
    if (running !== null && this.isRunning(uri)) {
      return running.text !== null && this.read(running.text, uri).fingerprint === contents.fingerprint;
    }
    const result = this.of(uri);
    return result !== undefined && this.isFresh(result, contents);
  }

  /** Forgets a result that an earlier session left, of a file that says something else by now. */
  forgetIfChanged(uri: vscode.Uri, contents: TextContents): void {
    const result = this.of(uri);
    if (result?.restored !== true) return;
    if (this.isFresh(result, contents)) {
      this.memory.set(uri.toString(), { ...result, restored: false });
    } else {
      this.memory.delete(uri.toString());
      this.changes.fire(uri);
    }
  }

  /** Shows the figures of another template in the text. */
  showTemplate(uri: vscode.Uri, shown: number): void {
    const result = this.of(uri);
    if (result === undefined || result.digest.templates[shown] === undefined) return;
    this.memory.set(uri.toString(), { ...result, shown });
    this.changes.fire(uri);
  }

  dispose(): void {
    this.subscription.dispose();
    this.changes.dispose();
  }

  private async onEvent(event: RunEvent): Promise<void> {
    const { uri } = event;
    switch (event.type) {
      case "progress":
        return;
      case "started":
        this.running = { uri, text: openDocument(uri)?.getText() ?? null, models: event.models };
        break;
      case "report": {
        const { digest, live } = event;
        const { text = null, models = {} } = this.running ?? {};
        this.running = null;
        const analysed = live ? await this.fingerprintOf(uri, text) : null;
        const shown = Math.max(0, digest.templates.indexOf(this.shownTemplate(uri) ?? ""));
        this.memory.set(uri.toString(), { digest, analysed, models, shown, restored: false });
        break;
      }
      default:
        this.running = null;
    }
    this.changes.fire(uri);
  }

  private async fingerprintOf(uri: vscode.Uri, text: string | null): Promise<string | null> {
    try {
      const read = text ?? new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
      return this.read(read, uri).fingerprint;
    } catch {
      return null;
    }
  }

  private shownTemplate(uri: vscode.Uri): string | undefined {
    const result = this.of(uri);
    return result?.digest.templates[result.shown];
  }
}

/** For reports that were saved: templates and samples, where the file has its own, are all that they tell of it. */
function saysTheSame(digest: ReportDigest, { templates, samples }: TextContents): boolean {
  return (
    digest.templates.length === templates.length &&
    digest.templates.every((text, t) => text === templates[t]?.text) &&
    (samples.length === 0 || digest.samples.length === samples.length) &&
    samples.every(({ subject, object }, s) => {
      const analysed = digest.samples[s];
      return subject === analysed?.subject && object === analysed.object;
    })
  );
}
