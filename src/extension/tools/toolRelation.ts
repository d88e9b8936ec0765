import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import * as vscode from "vscode";
import { relationPattern } from "../relationFiles";
import type { AnalyzeInput } from "./toolInput";

/** What a tool is to analyse. */
export interface ToolRelation {
  readonly uri: vscode.Uri;
  /** Of a relation that is not in a file. */
  readonly text?: string;
}

/** The file of the workspace, or the relation, that the input names. @throws Error that says what to write instead */
export async function toolRelation({ file, relation }: AnalyzeInput): Promise<ToolRelation> {
  if (file !== undefined && relation === undefined) return { uri: await fileOfWorkspace(file) };
  if (relation === undefined || file !== undefined) {
    throw new Error(
      vscode.l10n.t("Give either file, a path in the workspace, or relation, with prompt_templates and samples."),
    );
  }
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? tmpdir();
  // Nothing is written: the name says how to read the text, and what it would be relative to.
  return { uri: vscode.Uri.file(join(folder, "inline.relation.json")), text: JSON.stringify(relation) };
}

async function fileOfWorkspace(path: string): Promise<vscode.Uri> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const named = isAbsolute(path) ? [vscode.Uri.file(path)] : folders.map(({ uri }) => vscode.Uri.joinPath(uri, path));
  const inside = named.filter((uri) => vscode.workspace.getWorkspaceFolder(uri) !== undefined);
  if (inside.length === 0) {
    const open = folders.map(({ uri }) => uri.fsPath).join(", ");
    throw new Error(
      folders.length === 0
        ? vscode.l10n.t("No folder is open. Give the relation itself as relation, with prompt_templates and samples.")
        : vscode.l10n.t("{0} is not in the workspace. Name a file in {1}, or give the relation itself as relation.", path, open), // prettier-ignore
    );
  }
  for (const uri of inside) if (await isFile(uri)) return uri;
  const known = await vscode.workspace.findFiles(relationPattern, undefined, 20);
  const names = known
    .map((uri) => vscode.workspace.asRelativePath(uri))
    .sort()
    .join(", ");
  throw new Error(
    names === ""
      ? vscode.l10n.t("There is no file {0}, and the workspace has no relation files. Give the relation itself as relation.", path) // prettier-ignore
      : vscode.l10n.t("There is no file {0}. Relation files of the workspace: {1}.", path, names),
  );
}

async function isFile(uri: vscode.Uri): Promise<boolean> {
  try {
    return ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.File) !== 0;
  } catch {
    return false;
  }
}
