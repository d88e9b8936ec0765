import { basename } from "node:path";
import * as vscode from "vscode";
import type { FromPanel } from "../../protocol/panel";
import type { AnalysisRuns, RunEvent } from "../analysisRuns";
import type { EngineClient } from "../engineClient";
import { saveHtml, saveReport } from "./exports";
import { saveActivations } from "./saveActivations";
import { saveTables } from "./saveTables";
import { perform, reportFailure } from "./pageActions";
import { panelIcon, panelOptions, panelPage } from "./panelPage";
import { parseFromPanel, parsePanelState } from "./panelMessages";
import { PanelSession } from "./panelSession";
import { StaleMark } from "./staleMark";
import { Steering } from "./steering";

const panelType = "relationLens.report";

/** The panel beside the file: one, which every analysis reuses. */
export class ReportPanel implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private panel: vscode.WebviewPanel | null = null;
  private session: PanelSession | null = null;
  /** Of the panel that was closed last, to open it again without another analysis. */
  private closed: PanelSession | null = null;
  private readonly staleMark = new StaleMark((stale) => (this.session ?? this.closed)?.onStale(stale));
  private readonly steering: Steering;
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly runs: AnalysisRuns,
    engine: Pick<EngineClient, "steer">,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.steering = new Steering(engine);
    this.subscription = vscode.Disposable.from(
      this.staleMark,
      this.steering,
      runs.onDidHappen((event) => this.onEvent(event)),
      vscode.window.registerWebviewPanelSerializer(panelType, this),
    );
  }

  /** The relation file that the panel is about. */
  get file(): vscode.Uri | null {
    return this.session === null ? null : vscode.Uri.file(this.session.file);
  }

  get column(): vscode.ViewColumn | undefined {
    return this.panel?.viewColumn;
  }

  /** Shows the panel for a file, in a column where it is new, without taking the focus. */
  show(uri: vscode.Uri, viewColumn: vscode.ViewColumn): void {
    if (this.panel !== null) {
      this.panel.reveal(undefined, true);
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      panelType,
      title(uri),
      { viewColumn, preserveFocus: true },
      panelOptions(this.extension),
    );
    const closed = this.closed?.file === uri.fsPath ? this.closed : null;
    this.attach(panel, this.session ?? closed ?? new PanelSession(uri.fsPath));
  }

  /** Whether it has a file's report, or one that is being made. */
  isAbout(uri: vscode.Uri): boolean {
    const session = this.session ?? this.closed;
    return session?.file === uri.fsPath && (session.report !== null || this.runs.busy);
  }

  openTab(tab: string): void {
    this.session?.onTab(tab);
  }

  /** The file had changed already when the report was opened. */
  markStale(): void {
    this.session?.onStale(true);
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const restored = parsePanelState(state);
    if (restored === null || this.panel !== null) {
      panel.dispose();
    } else {
      panel.webview.options = panelOptions(this.extension);
      this.attach(panel, new PanelSession(restored.file, restored));
    }
    return Promise.resolve();
  }

  dispose(): void {
    this.panel?.dispose();
    this.subscription.dispose();
  }

  private attach(panel: vscode.WebviewPanel, session: PanelSession): void {
    this.panel = panel;
    this.session = session;
    this.closed = null;
    panel.title = title(vscode.Uri.file(session.file));
    panel.iconPath = panelIcon(this.extension);
    panel.onDidDispose(() => {
      session.onHidden();
      this.panel = this.session = null;
      this.closed = session;
    });
    panel.onDidChangeViewState(() => {
      if (!panel.visible) session.onHidden();
    });
    panel.webview.onDidReceiveMessage((message: unknown) => {
      const parsed = parseFromPanel(message);
      if (parsed === null) this.log.warn("The panel sent a message that is not understood.");
      else this.onMessage(parsed, session, panel.webview).catch((error: unknown) => reportFailure(error, this.log));
    });
    panel.webview.html = panelPage(panel.webview, this.extension, "report");
  }

  private onEvent(event: RunEvent): void {
    if (event.type === "started") {
      this.session ??= new PanelSession(event.uri.fsPath);
      this.closed = null;
      this.staleMark.watch(event.uri);
      if (this.panel !== null) this.panel.title = title(event.uri);
    }
    (this.session ?? this.closed)?.onEvent(event);
  }

  private async onMessage(message: FromPanel, session: PanelSession, webview: vscode.Webview): Promise<void> {
    switch (message.type) {
      case "ready":
        session.onReady(message, webview);
        break;
      case "cancel":
        this.runs.cancel();
        break;
      case "analyzeAgain":
        await this.runs.analyze(vscode.Uri.file(session.file), session.models);
        break;
      case "compareModels":
        await vscode.commands.executeCommand("relationLens.compareModels", vscode.Uri.file(session.file));
        break;
      case "saveReport":
        if (session.report !== null) await saveReport(session.report, session.file);
        break;
      case "saveHtml":
        if (session.report !== null) await saveHtml(session.report, session.file);
        break;
      case "saveTables":
        await saveTables(message.tables, session.file);
        break;
      case "saveActivations":
        await saveActivations(session, this.runs);
        break;
      case "steer":
        session.onSteered(message.id, await this.steering.steer(message.params, session.isLive));
        break;
      default:
        await perform(message, { file: session.file, column: this.column, log: this.log });
    }
  }
}

function title(uri: vscode.Uri): string {
  return vscode.l10n.t("Relation: {0}", basename(uri.fsPath).replace(/\.relation\.(ya?ml|json)$/i, ""));
}
