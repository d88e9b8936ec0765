import * as vscode from "vscode";
import type { OpenTexts } from "./openTexts";
import type { TextResults } from "./textResults";
import { onDidChangeTextSettings } from "./textSettings";

/** Calls where what the texts show may be another: after an analysis, an edit that was read, a change of settings. */
export function whenShownAnew(results: TextResults, texts: OpenTexts, show: () => void): vscode.Disposable {
  return vscode.Disposable.from(results.onDidChange(show), texts.onDidRead(show), onDidChangeTextSettings(show));
}
