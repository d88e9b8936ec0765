import * as vscode from "vscode";
import { openDocument } from "../relationFiles";

/** Tells whether the text of the analysed file has changed since the analysis began. */
export class StaleMark implements vscode.Disposable {
  private watched: { readonly uri: string; readonly text: string | null } | null = null;
  private readonly subscriptions: vscode.Disposable;

  constructor(private readonly onChange: (stale: boolean) => void) {
    this.subscriptions = vscode.Disposable.from(
      // A file that was not open when its analysis began has the text that it had on disk.
      vscode.workspace.onDidOpenTextDocument((document) => {
        if (this.watches(document) && this.watched?.text === null) this.watch(document.uri);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && this.watches(document)) {
          this.onChange(document.getText() !== this.watched?.text);
        }
      }),
    );
  }

  /** Takes the text as it is now as the text that is analysed. */
  watch(uri: vscode.Uri): void {
    this.watched = { uri: uri.toString(), text: openDocument(uri)?.getText() ?? null };
    this.onChange(false);
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private watches(document: vscode.TextDocument): boolean {
    return document.uri.toString() === this.watched?.uri;
  }
}
