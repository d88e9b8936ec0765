import { basename } from "node:path";
import * as vscode from "vscode";
import type { WrittenTwin } from "../../protocol/engine";
import { asSetting } from "../modelValues";
import { isRelationFile, relationPattern } from "../relationFiles";
import { setModel } from "../settings";
import { analyzeInPanel } from "./analyze";
import type { CommandContext } from "./commands";

type Context = Pick<CommandContext, "runs" | "panel" | "recentModels" | "comparedModels">;

/**
 * Says that a twin was written, and what can be done with it.
 *
 * @param original as it stands in the setting; undefined for the model of the settings
 */
export async function offerTwin(
  { folder, hiddenSize, checks }: WrittenTwin,
  original: string | undefined,
  context: Context,
): Promise<void> {
  const [use, compare, show] = [
    vscode.l10n.t("Use It"),
    vscode.l10n.t("Compare with the Original"),
    vscode.l10n.t("Show in Explorer"),
  ];
  const failed = checks.filter(({ ok }) => !ok).map(({ name }) => name);
  const said =
    failed.length === 0
      ? vscode.l10n.t("{0} predicts what the original predicts; its hidden size is {1}.", basename(folder), hiddenSize)
      : vscode.l10n.t("{0} is written, and fails a check: {1}.", basename(folder), failed.join(", "));
  const notify = failed.length === 0 ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const twin = asSetting(folder);
  switch (await notify(said, use, compare, show)) {
    case use:
      await setModel(twin);
      await context.recentModels.add(twin);
      break;
    case compare:
      await compareWithTwin(twin, original, context);
      break;
    case show:
      await showFolder(vscode.Uri.file(folder));
      break;
    default:
  }
}

async function compareWithTwin(twin: string, original: string | undefined, context: Context): Promise<void> {
  const uri = await relationToCompareOn(context);
  if (uri === null) return;
  await context.comparedModels.add(twin);
  await analyzeInPanel(uri, { ...(original !== undefined && { model: original }), compare: twin }, context);
}

/** The relation that is open; else one of the workspace. */
async function relationToCompareOn({ panel }: Pick<Context, "panel">): Promise<vscode.Uri | null> {
  const active = vscode.window.activeTextEditor?.document.uri ?? panel.file;
  if (active !== null && isRelationFile(active) && active.scheme === "file") return active;
  const files = await vscode.workspace.findFiles(relationPattern, undefined, 1000);
  const chosen = await vscode.window.showQuickPick(
    files.map((uri) => ({ uri, label: vscode.workspace.asRelativePath(uri) })),
    { placeHolder: vscode.l10n.t("The relation to compare the models on") },
  );
  return chosen?.uri ?? null;
}

async function showFolder(folder: vscode.Uri): Promise<void> {
  const inside = vscode.workspace.getWorkspaceFolder(folder) !== undefined;
  await vscode.commands.executeCommand(inside ? "revealInExplorer" : "revealFileInOS", folder);
}
