import { stat } from "node:fs/promises";
import * as vscode from "vscode";
import { relationOutline } from "../../formats/relationOutline";
import { readTextFile } from "../../formats/readTextFile";
import type { Position } from "../../protocol/problem";
import { isRelationFile, openDocument, relationPattern } from "../relationFiles";
import { currentSha256, type LastResult, type LastResults } from "./lastResults";

/** A file that can be analysed, with what came of it last. */
export interface FileNode {
  readonly kind: "file";
  readonly uri: vscode.Uri;
  readonly result: LastResult | null;
  /** The text is another one than the result is about. */
  readonly stale: boolean;
  readonly running: boolean;
  /** Of a file that nobody edits: milliseconds since 1970 of its last change; else its templates as they are now. */
  readonly version: number | readonly WrittenTemplate[] | null;
}

type WrittenTemplate = Pick<TemplateNode, "text" | "position">;

/** A template of a file; `score` is null before an analysis and where the file gives no answers. */
export interface TemplateNode {
  readonly kind: "template";
  readonly uri: vscode.Uri;
  readonly index: number;
  readonly text: string;
  readonly position: Position | null;
  readonly score: { readonly right: number; readonly asked: number } | null;
  readonly stale: boolean;
}

export type RelationNode = FileNode | TemplateNode;

const most = 1000;

/** The relation files of the workspace, and what else was analysed in it. */
export async function readFiles(results: LastResults): Promise<FileNode[]> {
  const relations = await vscode.workspace.findFiles(relationPattern, undefined, most);
  const known = new Set(relations.map((uri) => uri.toString()));
  const others = results
    .files()
    .filter((uri) => !known.has(uri.toString()) && vscode.workspace.getWorkspaceFolder(uri) !== undefined);
  const nodes = await Promise.all([
    ...relations.filter(({ scheme }) => scheme === "file").map((uri) => fileNode(uri, results)),
    ...others.map((uri) => fileNode(uri, results)),
  ]);
  const there = nodes.filter((node) => node !== null);
  return there.sort((a, b) => a.uri.path.localeCompare(b.uri.path, "en", { numeric: true }));
}

/** @returns null for a file that was analysed once and is gone */
async function fileNode(uri: vscode.Uri, results: LastResults): Promise<FileNode | null> {
  const result = results.of(uri);
  const version = await versionOf(uri);
  const node = { kind: "file", uri, result, running: results.isRunning(uri), version } as const;
  if (result === null) return { ...node, stale: false };
  const sha256 = await currentSha256(uri);
  if (sha256 === null && !isRelationFile(uri)) return null;
  return { ...node, stale: sha256 !== result.sha256 };
}

async function versionOf(uri: vscode.Uri): Promise<FileNode["version"]> {
  const document = openDocument(uri);
  if (document !== undefined && isRelationFile(uri)) return relationOutline(document.getText(), uri.fsPath).templates;
  return stat(uri.fsPath).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
}

/** In the file's order, as it is now; a template that the last analysis had not has no score. */
export async function readTemplates(node: FileNode): Promise<TemplateNode[]> {
  const { uri, result, stale } = node;
  const analysed = result?.type === "report" ? result.templates : [];
  const score = (text: string) => {
    const found = analysed.find((template) => template.text === text);
    return found === undefined || found.asked === 0 ? null : { right: found.right, asked: found.asked };
  };
  const written = isRelationFile(uri)
    ? await writtenTemplates(node)
    : analysed.map(({ text }) => ({ text, position: null }));
  return written.map(({ text, position }, index) => {
    return { kind: "template", uri, index, text, position, score: score(text), stale };
  });
}

async function writtenTemplates({ uri, version }: FileNode): Promise<readonly WrittenTemplate[]> {
  if (typeof version === "object" && version !== null) return version;
  const { text } = await readTextFile(uri.fsPath);
  return text === null ? [] : relationOutline(text, uri.fsPath).templates;
}
