import { mkdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { pageAfterReload } from "./walkthrough";

/** The one that the walkthrough begins with. */
export const firstSample = "superlative.relation.yaml";
const folderName = "relation-lens-samples";

/** Opens the samples where the workspace has them; else copies them to a place that the person chooses. */
export async function openSamples(extension: vscode.Uri, memory: vscode.Memento): Promise<void> {
  const here = await sampleOfWorkspace();
  if (here !== null) {
    await vscode.window.showTextDocument(here);
    return;
  }
  const place = await choosePlace();
  if (place === null) return;
  try {
    const folder = await copySamples(extension, place.fsPath);
    await openFolder(folder, memory);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(
      vscode.l10n.t("The samples could not be copied to {0}: {1}. Choose another folder.", place.fsPath, reason),
    );
  }
}

export async function sampleOfWorkspace(): Promise<vscode.Uri | null> {
  const [found] = await vscode.workspace.findFiles(`**/${firstSample}`, undefined, 1);
  return found ?? null;
}

async function choosePlace(): Promise<vscode.Uri | null> {
  const [place] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t("Where should the folder {0} be made?", folderName),
      openLabel: vscode.l10n.t("Copy the Samples Here"),
      canSelectFolders: true,
      canSelectFiles: false,
      defaultUri: vscode.Uri.file(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? homedir()),
    })) ?? [];
  return place ?? null;
}

/**
 * Never overwrites: a folder that has the samples already is left as it is, and one that is something else as well.
 *
 * @returns the folder with the samples
 */
async function copySamples(extension: vscode.Uri, place: string): Promise<vscode.Uri> {
  await mkdir(place, { recursive: true });
  for (let i = 1; ; i++) {
    const folder = join(place, i === 1 ? folderName : `${folderName}-${i}`);
    if (await exists(join(folder, firstSample))) return vscode.Uri.file(folder);
    if (await exists(folder)) continue;
    const target = vscode.Uri.file(folder);
    await vscode.workspace.fs.copy(vscode.Uri.joinPath(extension, "samples"), target, { overwrite: false });
    return target;
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** In this window where it is empty, or where the samples lie in what is open; else as the person says. */
async function openFolder(folder: vscode.Uri, memory: vscode.Memento): Promise<void> {
  if (vscode.workspace.getWorkspaceFolder(folder) !== undefined) {
    await vscode.window.showTextDocument(vscode.Uri.joinPath(folder, firstSample));
    return;
  }
  if (vscode.workspace.workspaceFolders === undefined) {
    await pageAfterReload.remember(memory, folder);
    await vscode.commands.executeCommand("vscode.openFolder", folder, { forceReuseWindow: true });
    return;
  }
  const [add, open] = [vscode.l10n.t("Add to Workspace"), vscode.l10n.t("Open in New Window")];
  const choice = await vscode.window.showInformationMessage(
    vscode.l10n.t("The samples are in {0}.", folder.fsPath),
    add,
    open,
  );
  if (choice === add) {
    vscode.workspace.updateWorkspaceFolders(vscode.workspace.workspaceFolders.length, 0, { uri: folder });
  } else if (choice === open) {
    await pageAfterReload.remember(memory, folder);
    await vscode.commands.executeCommand("vscode.openFolder", folder, { forceNewWindow: true });
  }
}
