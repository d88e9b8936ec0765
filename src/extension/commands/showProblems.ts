import * as vscode from "vscode";
import { describeProblem, type Problem } from "../../protocol/problem";

/** Shows what stood in the way of a command that has no page of its own. */
export function showProblems(problems: readonly Problem[]): void {
  for (const problem of problems) {
    const show = problem.severity === "error" ? vscode.window.showErrorMessage : vscode.window.showWarningMessage;
    void show(describeProblem(problem));
  }
}
