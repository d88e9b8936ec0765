import * as vscode from "vscode";
import { isRelationFile } from "../relationFiles";
import type { LastResult } from "../trees/lastResults";
import { relationName, resultInSentences } from "../trees/relationItem";
import { trustNote } from "../trust";
import { escaped } from "./markdown";

export interface StatusOfFile {
  readonly model: string;
  /** Percent; null where nothing runs. */
  readonly busy: number | null;
  readonly file: vscode.Uri | null;
  readonly result: LastResult | null;
}

/** The model, what came of the file last, and what can be done now. */
export function statusTooltip({ model, busy, file, result }: StatusOfFile): vscode.MarkdownString {
  const links =
    busy === null
      ? [
          ...(file === null ? [] : [link("graph-line", vscode.l10n.t("Analyze"), "relationLens.analyze")]),
          ...(file === null || isRelationFile(file)
            ? []
            : [link("list-selection", vscode.l10n.t("Choose Subjects…"), "relationLens.chooseSubjects")]),
          link("chip", vscode.l10n.t("Choose Model…"), "relationLens.chooseModel"),
          link("output", vscode.l10n.t("Show Log"), "relationLens.showLog"),
        ]
      : [
          link("stop-circle", vscode.l10n.t("Cancel"), "relationLens.cancel"),
          link("output", vscode.l10n.t("Show Log"), "relationLens.showLog"),
        ];
  const text = new vscode.MarkdownString("", true);
  text.isTrusted = { enabledCommands: links.map(({ command }) => command) };
  text.appendMarkdown(`**Relation Lens** · ${escaped(model)}`);
  const note = trustNote();
  if (note !== null) text.appendMarkdown(`\n\n$(workspace-untrusted) ${escaped(note)}`);
  if (busy !== null) text.appendMarkdown(`\n\n${vscode.l10n.t("Analysing: {0}%", busy)}`);
  if (file !== null) {
    text.appendMarkdown(`\n\n---\n\n**${escaped(relationName(file))}**`);
    if (result === null) text.appendMarkdown(` · ${vscode.l10n.t("not analysed yet")}`);
    else text.appendMarkdown(`\n\n${resultInSentences(result)}`);
  }
  return text.appendMarkdown(`\n\n---\n\n${links.map(({ markdown }) => markdown).join(" &nbsp; ")}`);
}

const link = (icon: string, label: string, command: string) => ({
  command,
  markdown: `[$(${icon}) ${label}](command:${command})`,
});
