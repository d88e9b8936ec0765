import * as vscode from "vscode";

/** What the engine may read for a relation file: anything in a trusted workspace, else what lies in its folders. */
export function restrictions(): { readonly restrictedTo?: readonly string[] } {
  if (vscode.workspace.isTrusted) return {};
  return { restrictedTo: (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath) };
}

/** What a person should know of a folder that is not trusted; null in one that is. */
export function trustNote(): string | null {
  return vscode.workspace.isTrusted
    ? null
    : vscode.l10n.t(
        "This folder is not trusted: its settings and its relation files choose no model. Your own settings hold, else the built-in model is used.",
      );
}
