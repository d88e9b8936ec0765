import * as vscode from "vscode";
import { isRelationFile, relationPattern } from "../relationFiles";
import type { LastResults } from "./lastResults";
import { QuietList } from "./quietList";
import { relationItem } from "./relationItem";
import { readFiles, readTemplates, type FileNode, type RelationNode } from "./relationNode";

const relationsView = "relationLens.relations";

/** The relation files of the workspace, with the last result of each. */
export class RelationsTree implements vscode.TreeDataProvider<RelationNode>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changes.event;
  private readonly subscriptions: { dispose(): unknown }[] = [];
  private readonly files: QuietList<FileNode>;
  private watching = false;

  constructor(results: LastResults) {
    this.files = new QuietList(
      () => readFiles(results),
      (nodes) => JSON.stringify(nodes.map((node) => ({ ...node, uri: node.uri.toString() }))),
      () => this.changes.fire(undefined),
    );
    this.subscriptions.push(
      this.changes,
      this.files,
      results.onDidChange(() => this.files.refresh()),
      vscode.window.createTreeView(relationsView, {
        treeDataProvider: this,
        canSelectMany: true,
        showCollapseAll: true,
      }),
    );
  }

  getTreeItem(node: RelationNode): vscode.TreeItem {
    return relationItem(node);
  }

  /** Called only where the view is seen. */
  async getChildren(node?: RelationNode): Promise<RelationNode[]> {
    if (node?.kind === "template") return [];
    if (node !== undefined) return readTemplates(node);
    this.watch();
    return this.files.list();
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private watch(): void {
    if (this.watching) return;
    this.watching = true;
    const refresh = () => this.files.refresh();
    const watcher = vscode.workspace.createFileSystemWatcher(relationPattern);
    this.subscriptions.push(
      watcher,
      watcher.onDidChange(refresh),
      watcher.onDidCreate(refresh),
      watcher.onDidDelete(refresh),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && isRelationFile(document.uri)) refresh();
      }),
    );
  }
}
