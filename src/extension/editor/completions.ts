import { dirname, relative, sep } from "node:path";
import * as vscode from "vscode";
import { relationPattern } from "../relationFiles";
import { cursorAt, type Cursor } from "../../formats/editing/cursor";
import type { Known, Suggestion } from "../../formats/editing/suggestion";
import { refersTo, suggestionsAt } from "../../formats/editing/suggestions";
import { embeddedDefault } from "../../protocol/engine";
import type { EngineClient } from "../engineClient";
import { settingValue, workspaceFolders } from "../modelValues";
import { spanRange } from "./ranges";
import { readsSchema } from "./schemaReaders";

const embedded = [embeddedDefault, "embedded-wide"];
const mostFiles = 500;

/** Keys, samples, names of files and models, and figures to expect something of, where each may be written. */
export class RelationCompletions implements vscode.CompletionItemProvider {
  static readonly triggers = ["\n", " ", '"', "'", ".", "/", "-", ":", "["];

  constructor(private readonly engine: Pick<EngineClient, "running" | "models">) {}

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.CompletionItem[]> {
    const cursor = cursorAt(document.getText(), document.offsetAt(position));
    if (cursor === null) return [];
    const known = { relationFiles: await relationFilesFor(cursor, document.uri), models: await this.models(cursor) };
    const range = spanRange(document, cursor.replace);
    return suggestionsAt(cursor, document.uri.fsPath, known, !readsSchema(document)).map((suggestion, i) =>
      toItem(suggestion, range, i),
    );
  }

  private async models(cursor: Cursor): Promise<Known["models"]> {
    if (!refersTo(cursor, "model")) return [];
    // A list of names is no reason to start a process.
    const outcome = this.engine.running ? await this.engine.models({ workspaceFolders: workspaceFolders() }) : null;
    return [...new Set([...embedded, ...(outcome?.ok === true ? outcome.value.map(settingValue) : [])])];
  }
}

async function relationFilesFor(cursor: Cursor, uri: vscode.Uri): Promise<Known["relationFiles"]> {
  if (!refersTo(cursor, "control_relations")) return [];
  const files = await vscode.workspace.findFiles(relationPattern, "**/node_modules/**", mostFiles);
  return files
    .filter((file) => file.toString() !== uri.toString())
    .map((file) => relative(dirname(uri.fsPath), file.fsPath).split(sep).join("/"))
    .toSorted((a, b) => depth(a) - depth(b) || a.localeCompare(b));
}

const depth = (path: string) => path.split("/").length;

const kinds: Readonly<Record<Suggestion["kind"], vscode.CompletionItemKind>> = {
  key: vscode.CompletionItemKind.Property,
  snippet: vscode.CompletionItemKind.Snippet,
  file: vscode.CompletionItemKind.File,
  model: vscode.CompletionItemKind.Module,
  figure: vscode.CompletionItemKind.Field,
  value: vscode.CompletionItemKind.Value,
};

function toItem(suggestion: Suggestion, range: vscode.Range, place: number): vscode.CompletionItem {
  const { kind, label, body, description, section, more } = suggestion;
  const item = new vscode.CompletionItem(label, kinds[kind]);
  item.insertText = new vscode.SnippetString(body);
  item.range = range;
  item.sortText = String(place).padStart(4, "0");
  item.filterText = label;
  if (description !== undefined) item.documentation = vscode.l10n.t(description);
  if (section !== undefined) item.detail = section;
  if (more === true) item.command = { command: "editor.action.triggerSuggest", title: "" };
  return item;
}
