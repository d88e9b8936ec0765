import * as vscode from "vscode";
import type { Assessment } from "../../protocol/engine";
import type { Problem } from "../../protocol/problem";
import type { Ended } from "../engineJobs";

/** What an assistant reads of an analysis. @throws Error that says what is wrong, where, and what to do */
export function toolAnswer(ended: Ended<Assessment>, cancelled: boolean): vscode.LanguageModelToolResult {
  switch (ended.type) {
    case "done": {
      const { text, digest } = ended.value;
      const expectations = digest.expectations.map(({ path, expected, found, ok }) => `- ${ok ? "holds" : "FAILS"}: ${path}: expected ${expected}, found ${found ?? "nothing"}`); // prettier-ignore
      const parts = [
        text.trimEnd(),
        ...(expectations.length === 0 ? [] : [`Expectations of the file:\n${expectations.join("\n")}`]),
        ...(ended.problems.length === 0 ? [] : [`Problems of the file:\n${problemLines(ended.problems)}`]),
      ];
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(`${parts.join("\n\n")}\n`)]);
    }
    case "problems":
    case "crashed":
      throw new Error(vscode.l10n.t("The relation was not analysed.\n{0}", problemLines(ended.problems)));
    case "cancelled":
      throw cancelled
        ? new vscode.CancellationError()
        : new Error(vscode.l10n.t("Another analysis took the engine before this one ended. Call the tool again."));
  }
}

/** With codes and places, for whoever mends the file. */
function problemLines(problems: readonly Problem[]): string {
  return problems
    .map(({ severity, code, message, remedy, file, position }) => {
      const place = file === undefined ? "" : `${vscode.workspace.asRelativePath(file)}${position === undefined ? "" : `:${position.line}:${position.column}`}: `; // prettier-ignore
      return `- ${place}${severity} [${code}]: ${message} ${remedy}`;
    })
    .join("\n");
}
