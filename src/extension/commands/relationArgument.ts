import * as vscode from "vscode";
import { isAnalyzable, isNamedForAnalysis } from "../relationFiles";
import type { ReportPanel } from "../views/panel";

/** The file of a menu or a list, else of the active editor, else the panel's; says what is needed where there is none. */
export function relationArgument(argument: unknown, panel: Pick<ReportPanel, "file">): vscode.Uri | null {
  const active = vscode.window.activeTextEditor?.document;
  const uri = uriOf(argument) ?? (active !== undefined && isMeant(active) ? active.uri : (panel.file ?? undefined));
  if (uri === undefined || !isAnalyzable(uri)) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t(
        "Relation Lens analyses relation files and prompts. Open a file whose name ends in .relation.yaml, .prompt.md, .prompty or .prompt, or a text with {} where a word goes.",
      ),
    );
    return null;
  }
  if (uri.scheme !== "file") {
    void vscode.window.showWarningMessage(
      vscode.l10n.t("Relation Lens analyses files on disk. Save {0} to a folder first.", uri.path),
    );
    return null;
  }
  return uri;
}

/** Any text may be a prompt; one that is open is meant where it has a place to fill in. */
function isMeant(document: vscode.TextDocument): boolean {
  return (
    isNamedForAnalysis(document.uri) ||
    (isAnalyzable(document.uri) && /\{\}|\{\{\s*\w+\s*\}\}/.test(document.getText()))
  );
}

/** The uris of a menu: several selected ones, else the one that was clicked; elements of a tree have theirs as `uri`. */
export function selectedUris(argument: unknown, selection: unknown): readonly vscode.Uri[] {
  const several = Array.isArray(selection) ? selection.map(uriOf).filter((uri) => uri !== null) : [];
  if (several.length > 0) return several;
  const clicked = uriOf(argument);
  return clicked === null ? [] : [clicked];
}

function uriOf(argument: unknown): vscode.Uri | null {
  if (argument instanceof vscode.Uri) return argument;
  const isElement = typeof argument === "object" && argument !== null && "uri" in argument;
  return isElement && argument.uri instanceof vscode.Uri ? argument.uri : null;
}
