import * as vscode from "vscode";
import { relationPattern } from "../relationFiles";
import { QuietList } from "../trees/quietList";
import { reportItem } from "./reportItem";
import { savedReport, type SavedReport } from "./savedReport";

const reportsView = "relationLens.reports";
export const reportPattern = "**/*.report.json";
const most = 1000;

/** The saved reports of the workspace, the newest first. */
export class ReportsTree implements vscode.TreeDataProvider<SavedReport>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changes.event;
  private readonly view: vscode.TreeView<SavedReport>;
  private readonly subscriptions: { dispose(): unknown }[] = [];
  private watching = false;
  private readonly reports = new QuietList(read, fingerprint, () => this.changes.fire(undefined));

  constructor() {
    this.view = vscode.window.createTreeView(reportsView, {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: false,
    });
    this.subscriptions.push(
      this.view,
      this.changes,
      this.reports,
      // Models change where nobody watches.
      this.view.onDidChangeVisibility(({ visible }) => {
        if (visible) this.refresh();
      }),
    );
  }

  /** Looks again, and draws the list anew only where it has changed: the editor loses a click while it does. */
  refresh(): void {
    this.reports.refresh();
  }

  /** The report that was clicked. */
  get selected(): SavedReport | undefined {
    return this.view.selection[0];
  }

  getTreeItem(report: SavedReport): vscode.TreeItem {
    return reportItem(report);
  }

  /** Called only where the view is seen. */
  async getChildren(element?: SavedReport): Promise<SavedReport[]> {
    if (element !== undefined) return [];
    this.watch();
    return this.reports.list();
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private watch(): void {
    if (this.watching) return;
    this.watching = true;
    for (const pattern of [reportPattern, relationPattern]) {
      const watcher = vscode.workspace.createFileSystemWatcher(pattern);
      const refresh = () => this.refresh();
      this.subscriptions.push(
        watcher,
        watcher.onDidChange(refresh),
        watcher.onDidCreate(refresh),
        watcher.onDidDelete(refresh),
      );
    }
  }
}

/** Addresses as text: the editor's objects for them grow fields as they are used. */
const fingerprint = (reports: readonly SavedReport[]) =>
  JSON.stringify(reports.map((report) => ({ ...report, uri: report.uri.toString() })));

/** The newest first. */
async function read(): Promise<SavedReport[]> {
  const uris = (await vscode.workspace.findFiles(reportPattern, undefined, most)).filter(
    ({ scheme }) => scheme === "file",
  );
  const reports = await inTurn(uris, savedReport);
  return reports.filter((report) => report !== null).sort((a, b) => b.modified - a.modified);
}

/** A few at a time, so that many files do not keep the host from everything else. */
async function inTurn<T, R>(items: readonly T[], read: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const atOnce = 8;
  for (let i = 0; i < items.length; i += atOnce)
    results.push(...(await Promise.all(items.slice(i, i + atOnce).map(read))));
  return results;
}
