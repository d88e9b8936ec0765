import * as vscode from "vscode";

export function isRelationFile(uri: vscode.Uri): boolean {
  return /\.relation\.(ya?ml|json)$/i.test(uri.path);
}

/** The open document of a file, if there is one. */
export function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  const wanted = uri.toString();
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === wanted);
}
