import * as vscode from "vscode";
import { isPromptFile, isRelationFile as isRelationPath, promptFormatOf } from "../formats/prompts/promptFormat";

/** Where relation files are, of which it finds those that `isRelationFile` knows. */
export const relationPattern = "**/*.relation.{yaml,yml,json}";

export function isRelationFile(uri: vscode.Uri): boolean {
  return isRelationPath(uri.path);
}

/** Whether a file may be analysed when somebody asks for it: a relation file, or one that may have prompts or pairs. */
export function isAnalyzable(uri: vscode.Uri): boolean {
  return isRelationFile(uri) || isPromptFile(uri.path) || /\.(json|ya?ml)$/i.test(uri.path);
}

/** Whether a file is one by its name alone, which plain text and Markdown are not. */
export function isNamedForAnalysis(uri: vscode.Uri): boolean {
  const format = promptFormatOf(uri.path);
  return isRelationFile(uri) || (format !== null && format !== "plain");
}

/** The open document of a file, if there is one. */
export function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  const wanted = uri.toString();
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === wanted);
}
