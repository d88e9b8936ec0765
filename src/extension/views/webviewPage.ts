import * as vscode from "vscode";
import type { FromPage, PageKind, PageState, ToRelationsPage, ToSimulationPage } from "../../protocol/panel";
import { perform, reportFailure } from "./pageActions";
import { parseFromPage, parsePageState } from "./pageMessages";
import { PageSession } from "./pageSession";
import { panelIcon, panelOptions, panelPage } from "./panelPage";

export interface PageOptions<State extends PageState> {
  readonly kind: Exclude<PageKind, "report"> & State["page"];
  readonly title: string;
  readonly extension: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  /** Files are proposed beside it. */
  readonly place: () => string;
  readonly onAction: (action: Extract<FromPage, { readonly type: "cancel" | "again" | "saveReport" }>) => Promise<void>;
  readonly onRestored: (state: State) => void;
}

/** A page beside the editors, of which there is at most one; it comes back after a reload. */
export class WebviewPage<State extends PageState> implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private panel: vscode.WebviewPanel | null = null;
  private session = new PageSession();
  private readonly registration: vscode.Disposable;

  constructor(private readonly options: PageOptions<State>) {
    this.registration = vscode.window.registerWebviewPanelSerializer(this.viewType, this);
  }

  get running(): boolean {
    return this.session.running;
  }

  get isOpen(): boolean {
    return this.panel !== null;
  }

  /** Shows it; where it is new, with the other pages, or beside the active editor. */
  show(): void {
    if (this.panel !== null) {
      this.panel.reveal(undefined, true);
      return;
    }
    this.attach(
      vscode.window.createWebviewPanel(
        this.viewType,
        this.options.title,
        { viewColumn: columnOfPages(), preserveFocus: true },
        panelOptions(this.options.extension),
      ),
    );
  }

  send(message: ToRelationsPage | ToSimulationPage): void {
    if (this.panel !== null) this.session.send(message);
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const restored = parsePageState(state);
    if (restored === null || !this.isOwn(restored) || this.panel !== null) {
      panel.dispose();
    } else {
      panel.webview.options = panelOptions(this.options.extension);
      this.options.onRestored(restored);
      this.attach(panel);
    }
    return Promise.resolve();
  }

  dispose(): void {
    this.panel?.dispose();
    this.registration.dispose();
  }

  private get viewType(): string {
    return `relationLens.${this.options.kind}`;
  }

  private isOwn(state: PageState): state is State {
    return state.page === this.options.kind;
  }

  private attach(panel: vscode.WebviewPanel): void {
    const { extension, kind, log } = this.options;
    this.panel = panel;
    panel.iconPath = panelIcon(extension);
    panel.onDidDispose(() => {
      // Nobody would see what it comes to.
      void this.options.onAction({ type: "cancel" });
      this.panel = null;
      this.session = new PageSession();
    });
    panel.onDidChangeViewState(() => {
      if (!panel.visible) this.session.onHidden();
    });
    panel.webview.onDidReceiveMessage((data: unknown) => {
      const message = parseFromPage(data);
      if (message === null) log.warn(`The page ${kind} sent a message that is not understood.`);
      else this.onMessage(message, panel).catch((error: unknown) => reportFailure(error, log));
    });
    panel.webview.html = panelPage(panel.webview, extension, kind);
  }

  private async onMessage(message: FromPage, panel: vscode.WebviewPanel): Promise<void> {
    const { log, place, onAction } = this.options;
    switch (message.type) {
      case "ready":
        this.session.onReady(message.hasReport, panel.webview);
        break;
      case "cancel":
      case "again":
      case "saveReport":
        await onAction(message);
        break;
      default:
        await perform(message, { file: place(), column: panel.viewColumn, log });
    }
  }
}

function columnOfPages(): vscode.ViewColumn {
  const isPage = ({ input }: vscode.Tab) =>
    input instanceof vscode.TabInputWebview && input.viewType.includes("relationLens.");
  const group = vscode.window.tabGroups.all.find(({ tabs }) => tabs.some(isPage));
  if (group !== undefined) return group.viewColumn;
  return vscode.window.activeTextEditor === undefined ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside;
}
