import * as vscode from "vscode";
import { openDocument } from "../relationFiles";
import type { SubjectChoices } from "../subjects/subjectChoices";
import { movedContents, type TextContents } from "./textContents";
import type { TextResults } from "./textResults";

/** A text is read once nobody has typed for so long; until then what is known of it moves with the edits. */
const quiet = 250;

interface Reading {
  contents: TextContents | null;
  timer: NodeJS.Timeout | undefined;
}

/** What stands where in the open files that have results; known at once, however long the file. */
export class OpenTexts implements vscode.Disposable {
  private readonly readings = new Map<string, Reading>();
  private readonly reads = new vscode.EventEmitter<vscode.Uri>();
  /** A text was read anew. */
  readonly onDidRead = this.reads.event;
  private readonly subscriptions: vscode.Disposable;

  constructor(
    private readonly results: TextResults,
    subjects: Pick<SubjectChoices, "onDidChange">,
  ) {
    this.subscriptions = vscode.Disposable.from(
      vscode.workspace.onDidChangeTextDocument((change) => this.onEdit(change)),
      subjects.onDidChange((uri) => this.onChoice(uri)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri.toString())),
    );
  }

  /** Null for a text that has not been read yet, or has no results; `onDidRead` follows where it will be. */
  of(document: vscode.TextDocument): TextContents | null {
    const key = document.uri.toString();
    const known = this.readings.get(key);
    if (known !== undefined || this.results.of(document.uri) === undefined) return known?.contents ?? null;
    this.readSoon(document, { contents: null, timer: undefined }, 0);
    return null;
  }

  dispose(): void {
    for (const key of [...this.readings.keys()]) this.forget(key);
    this.subscriptions.dispose();
    this.reads.dispose();
  }

  private onEdit({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const reading = this.readings.get(document.uri.toString());
    if (reading === undefined || contentChanges.length === 0) return;
    for (const edit of contentChanges) {
      if (reading.contents !== null) reading.contents = movedContents(reading.contents, edit);
    }
    this.readSoon(document, reading, quiet);
  }

  /** Another variable is the subject: the same text says something else. */
  private onChoice(uri: vscode.Uri): void {
    const document = openDocument(uri);
    const reading = this.readings.get(uri.toString());
    if (document !== undefined && reading !== undefined) this.readSoon(document, reading, 0);
  }

  private readSoon(document: vscode.TextDocument, reading: Reading, wait: number): void {
    clearTimeout(reading.timer);
    this.readings.set(document.uri.toString(), reading);
    reading.timer = setTimeout(() => {
      reading.contents = this.results.read(document.getText(), document.uri);
      this.results.forgetIfChanged(document.uri, reading.contents);
      this.reads.fire(document.uri);
    }, wait);
  }

  private forget(key: string): void {
    clearTimeout(this.readings.get(key)?.timer);
    this.readings.delete(key);
  }
}
