import * as vscode from "vscode";
import type { Assessments } from "../assessments";
import { isRelationFile, relationPattern } from "../relationFiles";
import { runTests } from "./runTests";
import { updateItems } from "./testItems";

const mostFiles = 2000;
/** Milliseconds after the last key, before the items follow what is typed. */
const settle = 300;

/** The expectations of relation files in the Test Explorer. */
export class RelationTests implements vscode.Disposable {
  readonly controller = vscode.tests.createTestController("relationLens", vscode.l10n.t("Relation Lens"));
  private readonly subscriptions: { dispose(): unknown }[] = [this.controller];
  private readonly typed = new Map<string, NodeJS.Timeout>();
  private looked: Promise<void> | null = null;

  constructor(private readonly assessments: Assessments) {
    // Looked for once somebody wants to see tests, and again where they are refreshed.
    this.controller.resolveHandler = (item) => (item === undefined ? this.lookOnce() : undefined);
    this.controller.refreshHandler = (token) => this.look(token);
    this.controller.createRunProfile(
      vscode.l10n.t("Check Expectations"),
      vscode.TestRunProfileKind.Run,
      (request, token) => this.run(request, token),
      true,
      undefined,
      true,
    );
    this.subscriptions.push(
      vscode.workspace.onDidOpenTextDocument(({ uri }) => this.update(uri)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.updateSoon(document.uri)),
    );
    for (const { uri } of vscode.workspace.textDocuments) this.update(uri);
  }

  dispose(): void {
    for (const timer of this.typed.values()) clearTimeout(timer);
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private lookOnce(): Promise<void> {
    return (this.looked ??= this.watchAndLook());
  }

  private watchAndLook(): Promise<void> {
    const watcher = vscode.workspace.createFileSystemWatcher(relationPattern);
    this.subscriptions.push(
      watcher,
      watcher.onDidCreate((uri) => this.update(uri)),
      watcher.onDidChange((uri) => this.update(uri)),
      watcher.onDidDelete((uri) => this.controller.items.delete(uri.toString())),
    );
    return this.look();
  }

  private async look(token?: vscode.CancellationToken): Promise<void> {
    const uris = await vscode.workspace.findFiles(relationPattern, undefined, mostFiles, token);
    const found = new Set(uris.map((uri) => uri.toString()));
    for (const [id] of this.controller.items) if (!found.has(id)) this.controller.items.delete(id);
    // One after the other, so that many files do not keep the host from everything else.
    for (const uri of uris) {
      if (token?.isCancellationRequested === true) return;
      await updateItems(this.controller, uri);
    }
  }

  private async run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    await this.lookOnce();
    if (request.continuous !== true) return runTests(request, token, this.controller, this.assessments);
    const saved = vscode.workspace.onDidSaveTextDocument(async ({ uri }) => {
      const item = this.controller.items.get(uri.toString());
      if (item === undefined || !isIncluded(item, request)) return;
      await updateItems(this.controller, uri);
      const again = new vscode.TestRunRequest([item], request.exclude, request.profile, true);
      await runTests(again, token, this.controller, this.assessments);
    });
    token.onCancellationRequested(() => void saved.dispose());
  }

  private update(uri: vscode.Uri): void {
    if (uri.scheme === "file" && isRelationFile(uri)) void updateItems(this.controller, uri);
  }

  private updateSoon(uri: vscode.Uri): void {
    if (uri.scheme !== "file" || !isRelationFile(uri)) return;
    const id = uri.toString();
    clearTimeout(this.typed.get(id));
    this.typed.set(
      id,
      setTimeout(() => {
        this.typed.delete(id);
        this.update(uri);
      }, settle),
    );
  }
}

function isIncluded(file: vscode.TestItem, { include }: vscode.TestRunRequest): boolean {
  return include === undefined || include.some((item) => item === file || item.parent === file);
}
