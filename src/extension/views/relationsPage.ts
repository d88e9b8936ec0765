import { join } from "node:path";
import * as vscode from "vscode";
import type { PageState, ToRelationsPage } from "../../protocol/panel";
import type { RelationsReport } from "../../protocol/relationsReport";
import type { EngineClient } from "../engineClient";
import type { EngineJobs } from "../engineJobs";
import { openDocument } from "../relationFiles";
import { analyzeSettings } from "../settings";
import { savePageReport } from "./exports";
import { WebviewPage } from "./webviewPage";

type State = Extract<PageState, { readonly page: "relations" }>;

/** Several relations of one model, side by side. */
export class RelationsPage implements vscode.Disposable {
  private readonly page: WebviewPage<State>;
  private readonly sent = new vscode.EventEmitter<ToRelationsPage>();
  readonly onDidSend = this.sent.event;
  private files: readonly string[] = [];
  private report: RelationsReport | null = null;

  constructor(
    extension: vscode.Uri,
    private readonly engine: EngineClient,
    private readonly jobs: EngineJobs,
    log: vscode.LogOutputChannel,
  ) {
    this.page = new WebviewPage<State>({
      kind: "relations",
      title: vscode.l10n.t("Relations Compared"),
      extension,
      log,
      place: () => this.files[0] ?? join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "", "relations"),
      onRestored: ({ files, report }) => {
        this.files = files;
        this.report = report;
      },
      onAction: async ({ type }) => {
        if (type === "again" && this.files.length > 0)
          await this.compare(this.files.map((file) => vscode.Uri.file(file)));
        if (type === "cancel" && this.page.running) this.jobs.cancel();
        if (type === "saveReport" && this.report !== null) {
          await savePageReport(this.report, "relations", this.files[0] ?? "");
        }
      },
    });
  }

  /** Resolves when the comparison has ended in one way or another. */
  async compare(uris: readonly vscode.Uri[]): Promise<void> {
    const [first] = uris;
    if (first === undefined) return;
    const files = uris.map(({ fsPath }) => fsPath);
    this.page.show();
    await this.jobs.run({
      onStart: () => {
        this.files = files;
        this.send({ type: "started", files });
      },
      ask: (token, fraction) =>
        this.engine.compareRelations(
          { files, texts: unsavedTexts(uris), settings: analyzeSettings(first) },
          token,
          (progress) => {
            fraction(progress.fraction);
            this.send({ type: "progress", progress });
          },
        ),
      onEnd: (ended) => {
        if (ended.type === "done") this.showReport(ended.value, ended.problems);
        else if (ended.type === "cancelled") this.send({ type: "cancelled" });
        else this.send({ type: "problems", problems: ended.problems });
      },
    });
  }

  /** A saved report, without the engine. */
  open(report: RelationsReport): void {
    this.page.show();
    this.files = report.relations.map(({ file }) => file);
    this.send({ type: "started", files: this.files });
    this.showReport(report, []);
  }

  dispose(): void {
    this.page.dispose();
    this.sent.dispose();
  }

  private showReport(report: RelationsReport, problems: Extract<ToRelationsPage, { type: "relations" }>["problems"]) {
    this.report = report;
    this.send({ type: "relations", report, problems });
  }

  private send(message: ToRelationsPage): void {
    this.page.send(message);
    this.sent.fire(message);
  }
}

/** By path. */
function unsavedTexts(uris: readonly vscode.Uri[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    uris.flatMap((uri) => {
      const document = openDocument(uri);
      return document?.isDirty === true ? [[uri.fsPath, document.getText()]] : [];
    }),
  );
}
