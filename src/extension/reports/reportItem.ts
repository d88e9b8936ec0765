import { basename } from "node:path";
import * as vscode from "vscode";
import type { SavedReport } from "./savedReport";

/** What the tree shows of a report. */
export function reportItem(report: SavedReport): vscode.TreeItem {
  const item = new vscode.TreeItem(label(report));
  const since = changes(report);
  item.id = report.uri.toString();
  item.description = [...since, model(report), date(report.modified)].filter((part) => part !== "").join(" · ");
  item.tooltip = tooltip(report, since);
  item.contextValue = report.head === null ? "unreadable" : report.head.kind;
  item.iconPath =
    since.length === 0
      ? new vscode.ThemeIcon("graph-line")
      : new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"));
  // Arguments are forgotten when the list is drawn anew, and a click in that moment with them.
  item.command = { command: "relationLens.openSelectedReport", title: vscode.l10n.t("Open Report") };
  item.accessibilityInformation = { label: `${label(report)}, ${item.description}` };
  return item;
}

function label({ head, uri }: SavedReport): string {
  switch (head?.kind) {
    case undefined:
      return basename(uri.fsPath);
    case "report":
      return head.relation.name;
    case "relations":
      return head.relations.join(", ");
    case "origins":
      return vscode.l10n.t("Origins simulation, {0} concepts", head.concepts);
  }
}

function model({ head }: SavedReport): string {
  switch (head?.kind) {
    case undefined:
      return vscode.l10n.t("not a report");
    case "report":
      return head.compare === null
        ? head.model.id
        : vscode.l10n.t("{0} and {1}", head.model.id, basename(head.compare));
    case "relations":
      return head.model;
    case "origins":
      return vscode.l10n.t("{0} runs", head.runs);
  }
}

function changes({ relation, model: modelFile }: SavedReport): readonly string[] {
  return [
    ...(relation === "changed" ? [vscode.l10n.t("file changed since")] : []),
    ...(relation === "gone" ? [vscode.l10n.t("file not found")] : []),
    ...(modelFile === "changed" ? [vscode.l10n.t("model changed since")] : []),
  ];
}

function tooltip(report: SavedReport, since: readonly string[]): string {
  const lines = [vscode.workspace.asRelativePath(report.uri), date(report.modified)];
  if (report.relationFile !== null) {
    lines.push(vscode.l10n.t("Relation: {0}", vscode.workspace.asRelativePath(report.relationFile)));
  }
  return [...lines, ...since].join("\n");
}

function date(milliseconds: number): string {
  return new Date(milliseconds).toLocaleString(vscode.env.language, { dateStyle: "medium", timeStyle: "short" });
}
