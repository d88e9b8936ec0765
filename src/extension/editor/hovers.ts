import * as vscode from "vscode";
import { hoverAt, type HoverText } from "../../formats/editing/hover";
import { readLocated } from "../../formats/locatedText";
import { spanRange } from "./ranges";
import { readsSchema } from "./schemaReaders";

/** Explains keys and figures, and shows the prompts that templates and samples make. */
export class RelationHovers implements vscode.HoverProvider {
  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | null {
    const located = readLocated(document.getText(), document.uri.fsPath);
    const hover = hoverAt(located, document.offsetAt(position), !readsSchema(document));
    return hover === null ? null : new vscode.Hover(toMarkdown(hover), spanRange(document, hover));
  }
}

function toMarkdown(hover: HoverText): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString();
  switch (hover.kind) {
    case "key":
      return markdown.appendMarkdown(`**${hover.key}**\n\n`).appendMarkdown(escaped(vscode.l10n.t(hover.description)));
    case "prompts": {
      markdown.appendMarkdown(escaped(vscode.l10n.t("As the model reads it:")));
      for (const { text, object } of hover.prompts) {
        markdown.appendCodeblock(object === null ? text : `${text} → ${object}`, "plaintext");
      }
      return hover.more === 0 ? markdown : markdown.appendMarkdown(escaped(vscode.l10n.t("and {0} more", hover.more)));
    }
    case "figure": {
      const { path, section, values, selectors } = hover;
      markdown.appendCodeblock(path, "plaintext");
      const lines = [
        section === null ? vscode.l10n.t("Every report has it.") : vscode.l10n.t("From the section “{0}”.", section),
        ...(values.length === 0 ? [] : [vscode.l10n.t("One of: {0}", values.join(", "))]),
        ...(selectors.length === 0 ? [] : [vscode.l10n.t("May be chosen by: {0}", selectors.join(", "))]),
      ];
      return markdown.appendMarkdown(lines.map(escaped).join("\n\n"));
    }
  }
}

/** As it reads, whatever signs it has; the editor's own way of adding text keeps its lines from being broken. */
const escaped = (text: string) => text.replace(/[\\`*_{}[\]()#+.!|<>~-]/g, "\\$&");
