import type * as vscode from "vscode";
import { isRelationFile, promptFormatOf } from "../../formats/prompts/promptFormat";

/** Beyond, a file is not searched for a slot. */
const mostLines = 200;

/**
 * Whether to offer an analysis in the text before there was one: of relation files, and of files that are prompts by
 * their name and have something to fill in. Any text could be a prompt; most are not, and offers there are noise.
 */
export function canBeAnalyzed(document: vscode.TextDocument): boolean {
  const { path } = document.uri;
  if (isRelationFile(path)) return true;
  const format = promptFormatOf(path);
  if (format === null || format === "plain" || format === "pairs" || format === "analogies") return false;
  for (let line = 0; line < Math.min(document.lineCount, mostLines); line++) {
    if (/\$\{input:|\{\{|\{\}/.test(document.lineAt(line).text)) return true;
  }
  return false;
}
