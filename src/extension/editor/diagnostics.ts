import * as vscode from "vscode";
import type { Problem } from "../../protocol/problem";
import type { AnalysisRuns, RunEvent } from "../analysisRuns";

/** Problems of the last analysis of a file, where they are in the text. */
export class RelationDiagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection("relationLens");
  private readonly subscription: vscode.Disposable;
  /** By analysed file: the files in which its analysis found something. */
  private readonly found = new Map<string, readonly vscode.Uri[]>();

  constructor(runs: AnalysisRuns) {
    this.subscription = runs.onDidHappen((event) => this.onEvent(event));
  }

  dispose(): void {
    this.subscription.dispose();
    this.collection.dispose();
  }

  private onEvent(event: RunEvent): void {
    if (event.type !== "report" && event.type !== "problems") return;
    const key = event.uri.toString();
    for (const uri of this.found.get(key) ?? []) this.collection.delete(uri);
    const byFile = new Map<string, vscode.Diagnostic[]>();
    for (const problem of event.problems) {
      if (problem.file === undefined || problem.kind !== "input") continue;
      byFile.set(problem.file, [...(byFile.get(problem.file) ?? []), toDiagnostic(problem)]);
    }
    for (const [file, diagnostics] of byFile) this.collection.set(vscode.Uri.file(file), diagnostics);
    this.found.set(
      key,
      [...byFile.keys()].map((file) => vscode.Uri.file(file)),
    );
  }
}

function toDiagnostic({ position, message, remedy, severity, code }: Problem): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(
    toRange(position),
    `${message} ${remedy}`,
    severity === "error" ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
  );
  diagnostic.source = "Relation Lens";
  diagnostic.code = code;
  return diagnostic;
}

/** A problem without an end marks the rest of its line; one without a place marks the first line. */
function toRange(position: Problem["position"]): vscode.Range {
  if (position === undefined) return new vscode.Range(0, 0, 0, Number.MAX_SAFE_INTEGER);
  const { line, column, endLine = line, endColumn } = position;
  return new vscode.Range(
    line - 1,
    column - 1,
    endLine - 1,
    endColumn === undefined ? Number.MAX_SAFE_INTEGER : endColumn - 1,
  );
}
