import { readdir } from "node:fs/promises";
import * as vscode from "vscode";
import { embeddedDefault, type AvailableModel, type ModelDescription } from "../../protocol/engine";
import type { AnalysisRuns } from "../analysisRuns";
import type { EngineClient } from "../engineClient";
import type { EngineJobs } from "../engineJobs";
import { workspaceFolders } from "../modelValues";
import type { RecentModels } from "../recentModels";
import { trustNote } from "../trust";
import { childrenOf, modelItem } from "./modelItem";
import { modelTree, type ModelNode, type ModelTreeNode } from "./modelNode";
import { QuietList } from "./quietList";

const modelsView = "relationLens.models";

export interface ModelsTreeOptions {
  readonly extension: vscode.Uri;
  readonly engine: Pick<EngineClient, "models" | "running">;
  readonly runs: Pick<AnalysisRuns, "onDidHappen">;
  readonly jobs: Pick<EngineJobs, "onDidProgress">;
  readonly recent: readonly RecentModels[];
}

/**
 * The models that can be used. Looking for them is the engine's work, and a view that is seen starts no engine: it
 * shows what is known without it until the engine runs for another reason, or somebody asks.
 */
export class ModelsTree implements vscode.TreeDataProvider<ModelTreeNode>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changes.event;
  private readonly nodes: QuietList<ModelTreeNode>;
  private readonly view: vscode.TreeView<ModelTreeNode>;
  private readonly subscriptions: { dispose(): unknown }[] = [];
  private readonly descriptions = new Map<string, ModelDescription>();
  private found: readonly AvailableModel[] | null = null;
  private loaded: string | null = null;

  constructor(private readonly options: ModelsTreeOptions) {
    this.nodes = new QuietList(
      () => this.read(),
      (nodes) => JSON.stringify(nodes),
      () => this.changes.fire(undefined),
    );
    this.view = vscode.window.createTreeView(modelsView, { treeDataProvider: this });
    const refresh = () => this.nodes.refresh();
    const showTrust = () => {
      this.view.message = trustNote() ?? "";
    };
    showTrust();
    this.subscriptions.push(
      this.changes,
      this.nodes,
      this.view,
      // Models come and go where nobody watches.
      this.view.onDidChangeVisibility(({ visible }) => {
        if (visible) refresh();
      }),
      options.jobs.onDidProgress((fraction) => {
        if (fraction === null) refresh();
      }),
      options.runs.onDidHappen((event) => {
        if (event.type === "report" && event.live) this.loaded = event.model;
      }),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("relationLens.model")) refresh();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(showTrust),
    );
  }

  getTreeItem(node: ModelTreeNode): vscode.TreeItem {
    return modelItem(node);
  }

  async getChildren(node?: ModelTreeNode): Promise<ModelTreeNode[]> {
    return node === undefined ? this.nodes.list() : [...childrenOf(node)];
  }

  getParent(node: ModelTreeNode): ModelTreeNode | undefined {
    return node.kind === "model" ? { kind: "group", group: node.group, models: [node] } : undefined;
  }

  /** Looks again, which starts the engine where it does not run. */
  async look(): Promise<void> {
    await vscode.window.withProgress({ location: { viewId: modelsView } }, async () => {
      await this.ask();
      this.nodes.refresh();
    });
  }

  /** Draws what is known anew. */
  refresh(): void {
    this.nodes.refresh();
  }

  /** Shows what the loader found in a model below it. */
  async describe(node: ModelNode, description: ModelDescription): Promise<void> {
    this.descriptions.set(node.value, description);
    this.changes.fire(undefined);
    if (this.view.visible) await this.view.reveal({ ...node, description }, { expand: true });
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private async read(): Promise<ModelTreeNode[]> {
    if (this.options.engine.running) await this.ask();
    else this.loaded = null;
    const setting = vscode.workspace.getConfiguration("relationLens").get<unknown>("model");
    const chosen = typeof setting === "string" ? setting.trim() : "";
    return modelTree({
      embedded: await embeddedModels(this.options.extension),
      found: this.found,
      recent: this.options.recent.flatMap((models) => models.list()),
      chosen: chosen === "" ? embeddedDefault : chosen,
      loaded: this.loaded,
      descriptions: this.descriptions,
    });
  }

  private async ask(): Promise<void> {
    const outcome = await this.options.engine.models({ workspaceFolders: workspaceFolders() });
    if (outcome?.ok === true) this.found = outcome.value;
  }
}

async function embeddedModels(extension: vscode.Uri): Promise<readonly string[]> {
  return readdir(vscode.Uri.joinPath(extension, "models").fsPath).then(
    (names) => names.filter((name) => name.startsWith("embedded-")).sort(),
    () => [embeddedDefault],
  );
}
