import * as vscode from "vscode";
import { fewSamplesHint } from "../../formats/fewSamples";
import { relationOutline } from "../../formats/relationOutline";
import { wordCodes } from "../../protocol/engine";
import type { Problem } from "../../protocol/problem";
import type { AnalysisRuns, RunEvent } from "../analysisRuns";
import type { EngineClient } from "../engineClient";
import { isRelationFile, openDocument } from "../relationFiles";
import { WordChecks } from "./wordChecks";
import { sameDiagnostic, toDiagnostic } from "./problemDiagnostic";
import { moved } from "./ranges";

/** Milliseconds without a key before the text is read again. */
const pause = 300;

/**
 * What is wrong with relation files, where it is in the text: what can be told from the text alone as it is written,
 * and what an analysis or the model's tokeniser found until the text that it is about changes.
 */
export class RelationDiagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection("relationLens");
  private readonly subscriptions: vscode.Disposable[];
  private readonly words: WordChecks;
  /** By file: what its text says. */
  private readonly read = new Map<string, readonly vscode.Diagnostic[]>();
  /** By file: what needed a model. */
  private readonly computed = new Map<string, readonly vscode.Diagnostic[]>();
  /** By analysed file: the files in which its analysis found something. */
  private readonly found = new Map<string, readonly vscode.Uri[]>();
  private readonly waiting = new Map<string, NodeJS.Timeout>();

  constructor(runs: AnalysisRuns, engine: EngineClient) {
    this.words = new WordChecks(engine, (uri, problems) => this.onWords(uri, problems));
    const { workspace } = vscode;
    this.subscriptions = [
      runs.onDidHappen((event) => this.onEvent(event)),
      workspace.onDidOpenTextDocument((document) => this.onOpen(document)),
      workspace.onDidChangeTextDocument((change) => this.onChange(change)),
      workspace.onDidSaveTextDocument((document) => void this.words.check(document)),
      workspace.onDidCloseTextDocument(({ uri }) => this.onClose(uri)),
    ];
    workspace.textDocuments.forEach((document) => this.onOpen(document));
  }

  dispose(): void {
    this.waiting.forEach(clearTimeout);
    vscode.Disposable.from(...this.subscriptions, this.collection).dispose();
  }

  private onOpen(document: vscode.TextDocument): void {
    if (!isRelationFile(document.uri)) return;
    this.readText(document);
    void this.words.check(document);
  }

  private onChange({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (!isRelationFile(document.uri) || contentChanges.length === 0) return;
    const key = document.uri.toString();
    const computed = this.computed.get(key) ?? [];
    // From the end of the text to its start, as the changes come, so that none moves the place of another.
    const left = computed.flatMap((diagnostic) => movedDiagnostic(diagnostic, contentChanges) ?? []);
    this.computed.set(key, left);
    if (left.length < computed.length) this.show(document.uri);
    clearTimeout(this.waiting.get(key));
    this.waiting.set(
      key,
      setTimeout(() => this.readText(document), pause),
    );
  }

  private onClose(uri: vscode.Uri): void {
    const key = uri.toString();
    clearTimeout(this.waiting.get(key));
    this.waiting.delete(key);
    if (this.read.delete(key)) this.show(uri);
  }

  private readText(document: vscode.TextDocument): void {
    if (document.isClosed) return;
    const { uri } = document;
    const outline = relationOutline(document.getText(), uri.fsPath);
    const hint = fewSamplesHint(outline, uri.fsPath);
    const problems = hint === null ? outline.problems : [...outline.problems, hint];
    this.read.set(uri.toString(), problems.map(toDiagnostic));
    this.show(uri);
  }

  private onEvent(event: RunEvent): void {
    if (event.type !== "report" && event.type !== "problems") return;
    const key = event.uri.toString();
    for (const uri of this.found.get(key) ?? []) this.keep(uri, []);
    const byFile = new Map<string, Problem[]>();
    for (const problem of event.problems) {
      if (problem.file === undefined || problem.kind !== "input") continue;
      byFile.set(problem.file, [...(byFile.get(problem.file) ?? []), problem]);
    }
    const uris = [...byFile].map(([file, problems]) => {
      const uri = vscode.Uri.file(file);
      this.keep(uri, problems.map(toDiagnostic));
      return uri;
    });
    this.found.set(key, uris);
    const document = openDocument(event.uri);
    if (document !== undefined && isRelationFile(event.uri)) void this.words.check(document);
  }

  /** The tokeniser has the last word on words. */
  private onWords(uri: vscode.Uri, problems: readonly Problem[]): void {
    const others = (this.computed.get(uri.toString()) ?? []).filter(({ code }) =>
      wordCodes.every((known) => known !== code),
    );
    this.keep(uri, [...others, ...problems.map(toDiagnostic)]);
  }

  private keep(uri: vscode.Uri, computed: readonly vscode.Diagnostic[]): void {
    const document = openDocument(uri);
    if (document !== undefined && isRelationFile(uri)) this.readText(document);
    const read = this.read.get(uri.toString());
    // What the text alone says goes with the text, and not with the next analysis.
    const own = computed.filter((one) => read?.some((other) => sameDiagnostic(one, other)) !== true);
    this.computed.set(uri.toString(), own);
    this.show(uri);
  }

  private show(uri: vscode.Uri): void {
    const key = uri.toString();
    const read = this.read.get(key) ?? [];
    const computed = this.computed.get(key) ?? [];
    const others = computed.filter((one) => !read.some((other) => sameDiagnostic(one, other)));
    this.collection.set(uri, [...read, ...others]);
  }
}

function movedDiagnostic(
  diagnostic: vscode.Diagnostic,
  changes: readonly vscode.TextDocumentContentChangeEvent[],
): vscode.Diagnostic | null {
  let range: vscode.Range | null = diagnostic.range;
  for (const change of changes) range = range === null ? null : moved(range, change);
  if (range === null) return null;
  // What the editor was given stays as it was given.
  const { message, severity, source, code, tags } = diagnostic;
  const there = new vscode.Diagnostic(range, message, severity);
  return Object.assign(there, { source, code, ...(tags !== undefined && { tags }) });
}
