import * as vscode from "vscode";
import { reportPattern } from "../reports/reportsTree";

interface FileItem extends vscode.QuickPickItem {
  /** Absent for the way to a file elsewhere. */
  readonly uri?: vscode.Uri;
}

/**
 * Lets a person choose reports of the workspace, or one that is elsewhere.
 *
 * @param count how many; several are chosen one after the other, since their order matters
 * @returns null where nothing was chosen
 */
export async function pickReports(
  title: string,
  count: 1 | 2,
  chosen: readonly vscode.Uri[] = [],
): Promise<readonly vscode.Uri[] | null> {
  if (chosen.length >= count) return chosen;
  const next = await pick(title, chosen, count === 1 ? null : chosen.length);
  return next === null ? null : pickReports(title, count, [...chosen, next]);
}

async function pick(title: string, without: readonly vscode.Uri[], place: number | null): Promise<vscode.Uri | null> {
  const taken = new Set(without.map(String));
  const items = async (): Promise<FileItem[]> => {
    const uris = await vscode.workspace.findFiles(reportPattern, undefined, 1000);
    const files = uris
      .filter((uri) => uri.scheme === "file" && !taken.has(uri.toString()))
      .map((uri) => ({ uri, label: vscode.workspace.asRelativePath(uri) }))
      .sort((a, b) => a.label.localeCompare(b.label));
    return [...files, { label: vscode.l10n.t("Browse…"), description: vscode.l10n.t("a report elsewhere") }];
  };
  const placeHolder =
    place === null
      ? vscode.l10n.t("A saved report")
      : place === 0
        ? vscode.l10n.t("The first report")
        : vscode.l10n.t("The report to compare it with");
  const item = await vscode.window.showQuickPick<FileItem>(items(), { title, placeHolder });
  if (item === undefined) return null;
  return item.uri ?? browse(title);
}

async function browse(title: string): Promise<vscode.Uri | null> {
  const files = await vscode.window.showOpenDialog({ title, filters: { [vscode.l10n.t("Reports")]: ["json"] } });
  return files?.[0] ?? null;
}
