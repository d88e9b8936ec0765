import * as vscode from "vscode";
import type { Problem } from "../../protocol/problem";
import { toRange } from "./ranges";

export const source = "Relation Lens";

/** Worth knowing where somebody looks, but nothing to mend. */
const informations = ["answer-several-tokens"];
/** Of few samples there is nothing wrong: a mark in the text, and none in the list of problems. */
const hints = ["relation-figures-unsettled"];

export function toDiagnostic({ position, message, remedy, severity, code }: Problem): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(toRange(position), `${message} ${remedy}`, severityOf(code, severity));
  diagnostic.source = source;
  diagnostic.code = code;
  if (leftOut(code, severity)) diagnostic.tags = [vscode.DiagnosticTag.Unnecessary];
  return diagnostic;
}

function severityOf(code: string, severity: Problem["severity"]): vscode.DiagnosticSeverity {
  if (hints.includes(code)) return vscode.DiagnosticSeverity.Hint;
  if (informations.includes(code)) return vscode.DiagnosticSeverity.Information;
  return severity === "error" ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
}

/** What is written twice and read once is drawn pale. */
const leftOut = (code: string, severity: Problem["severity"]) =>
  severity === "warning" &&
  ["relation-duplicate-subject", "relation-duplicate-template", "relation-duplicate-pair"].includes(code);

/** Two that say the same of the same place. */
export function sameDiagnostic(a: vscode.Diagnostic, b: vscode.Diagnostic): boolean {
  return a.code === b.code && a.range.start.isEqual(b.range.start);
}
