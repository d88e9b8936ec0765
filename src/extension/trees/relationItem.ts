import { basename } from "node:path";
import * as vscode from "vscode";
import { escaped } from "../views/markdown";
import type { LastResult, ReportResult } from "./lastResults";
import type { FileNode, RelationNode, TemplateNode } from "./relationNode";

/** What the tree shows of a file or of one of its templates. */
export function relationItem(node: RelationNode): vscode.TreeItem {
  return node.kind === "file" ? fileItem(node) : templateItem(node);
}

function fileItem(node: FileNode): vscode.TreeItem {
  const { uri, result } = node;
  const name = relationName(uri);
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = uri.toString();
  item.description = [...states(node), ...resultWords(result)].join(" · ");
  item.tooltip = tooltip(node);
  item.contextValue = "relation";
  item.iconPath = icon(node);
  item.command = { command: "vscode.open", title: vscode.l10n.t("Open File"), arguments: [uri] };
  item.accessibilityInformation = { label: `${name}, ${item.description}` };
  return item;
}

export const relationName = (uri: vscode.Uri): string => basename(uri.fsPath).replace(/\.relation\.(ya?ml|json)$/i, "");

function states({ result, stale, running }: FileNode): readonly string[] {
  if (running) return [vscode.l10n.t("analysing…")];
  if (result === null) return [vscode.l10n.t("not analysed yet")];
  return stale ? [vscode.l10n.t("file changed since")] : [];
}

function resultWords(result: LastResult | null): readonly string[] {
  switch (result?.type) {
    case undefined:
      return [];
    case "problems":
      return [vscode.l10n.t("cannot be analysed"), when(result.time)];
    case "report":
      return [
        ...expectationWords(result),
        ...answerWords(result),
        ...shortVerdict(result.headline),
        result.model,
        when(result.time),
      ];
  }
}

function expectationWords({ failed }: ReportResult): readonly string[] {
  if (failed === 0) return [];
  return [failed === 1 ? vscode.l10n.t("1 expectation fails") : vscode.l10n.t("{0} expectations fail", failed)];
}

/** Over all templates; null where the file gives no answers. */
function scoreOf({ templates }: ReportResult): { readonly right: number; readonly asked: number } | null {
  const sum = (key: "right" | "asked") => templates.reduce((total, template) => total + template[key], 0);
  return sum("asked") === 0 ? null : { right: sum("right"), asked: sum("asked") };
}

function answerWords(result: ReportResult): readonly string[] {
  const score = scoreOf(result);
  return score === null ? [] : [vscode.l10n.t("{0}/{1} right", score.right, score.asked)];
}

const longest = 40;

/** What the second sentence of a headline begins with, `Not linear`; the first says what `answerWords` does. */
function shortVerdict(headline: readonly string[]): readonly string[] {
  const start = /^[^.:;,(]+/.exec(headline[1] ?? "")?.[0].trim();
  return start === undefined || start.length > longest ? [] : [start];
}

/** The time of today, the day of another. */
function when(time: number): string {
  const date = new Date(time);
  return date.toDateString() === new Date().toDateString()
    ? date.toLocaleTimeString(vscode.env.language, { timeStyle: "short" })
    : date.toLocaleDateString(vscode.env.language, { dateStyle: "medium" });
}

function tooltip(node: FileNode): vscode.MarkdownString {
  const { uri, result } = node;
  const lines = [`**${escaped(relationName(uri))}**`, escaped(vscode.workspace.asRelativePath(uri)), ...states(node)];
  const text = new vscode.MarkdownString(lines.join("  \n"));
  return result === null ? text : text.appendMarkdown(`\n\n${resultInSentences(result)}`);
}

/** The result in full sentences, as Markdown. */
export function resultInSentences(result: LastResult): string {
  const date = new Date(result.time).toLocaleString(vscode.env.language, { dateStyle: "medium", timeStyle: "short" });
  if (result.type === "problems") return escaped(`${date}: ${result.message}`);
  const heading = escaped(vscode.l10n.t("{0}, {1}:", result.model, date));
  return `${heading}\n\n${result.headline.map((sentence) => `- ${escaped(sentence)}`).join("\n")}`;
}

const failed = () => new vscode.ThemeIcon("error", new vscode.ThemeColor("list.errorForeground"));

/** Whether there is something to see to; the verdict is in the words, since no verdict is good or bad. */
function icon({ result, stale, running }: FileNode): vscode.ThemeIcon {
  if (running) return new vscode.ThemeIcon("loading~spin");
  if (result === null) return new vscode.ThemeIcon("circle-outline");
  if (stale) return new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"));
  if (result.type === "problems" || result.failed > 0) return failed();
  const score = scoreOf(result);
  return score !== null && isUnknown(score) ? scoreIcon(score) : new vscode.ThemeIcon("graph-line");
}

type Score = NonNullable<TemplateNode["score"]>;

/** The figures describe the model's own predictions rather than the relation. */
const isUnknown = ({ right, asked }: Score) => right / asked < 0.5;

/** Filled where the model gives nearly all of the answers, open where it gives most, struck out where it does not. */
function scoreIcon(score: Score): vscode.ThemeIcon {
  if (isUnknown(score)) return new vscode.ThemeIcon("circle-slash", new vscode.ThemeColor("charts.orange"));
  const most = score.right / score.asked >= 0.9;
  return new vscode.ThemeIcon(most ? "pass-filled" : "pass", new vscode.ThemeColor("charts.green"));
}

function templateItem({ uri, index, text, position, score, stale }: TemplateNode): vscode.TreeItem {
  const item = new vscode.TreeItem(text);
  item.id = `${uri.toString()}#${index}`;
  item.contextValue = "template";
  const words = score === null ? "" : vscode.l10n.t("{0}/{1} right", score.right, score.asked);
  item.description = words !== "" && stale ? vscode.l10n.t("{0} before the change", words) : words;
  item.iconPath = score === null || stale ? new vscode.ThemeIcon("comment") : scoreIcon(score);
  item.tooltip = item.description === "" ? text : `${text}\n${item.description}`;
  item.accessibilityInformation = { label: [text, item.description].filter((part) => part !== "").join(", ") };
  item.command = { command: "vscode.open", title: vscode.l10n.t("Open File"), arguments: [uri, options(position)] };
  return item;
}

function options(position: TemplateNode["position"]): vscode.TextDocumentShowOptions {
  if (position === null) return {};
  const { line, column, endLine = line, endColumn = column } = position;
  return { selection: new vscode.Range(line - 1, column - 1, endLine - 1, endColumn - 1) };
}
