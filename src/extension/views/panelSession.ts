import type * as vscode from "vscode";
import { partsOf } from "../../formats/reportParts";
import type { SteerOutcome } from "../../protocol/engine";
import type { FromPanel, PanelState, ToPanel } from "../../protocol/panel";
import type { ReportBytes } from "../../protocol/reportBytes";
import type { ModelsOfRun, RunEvent } from "../analysisRuns";
import { Outbox } from "./outbox";

/**
 * What the panel shows, from before its page is there. A page that loads or is hidden loses what is sent to it, so
 * the session keeps what the page would need and sends it again when the page says that it is ready.
 */
export class PanelSession {
  /** To a page that listens. */
  private outbox: Outbox | null = null;
  /** Since the analysis began: the newest progress, and every one before it that brought figures. */
  private running: readonly Extract<ToPanel, { type: "progress" }>[] | null = null;
  private last: Extract<ToPanel, { type: "report" | "problems" | "cancelled" }> | null = null;
  /** The page has drawn `last`, and keeps it over a reload where it is a report. */
  private delivered = false;
  private stale = false;
  /** Asked for while the page did not listen. */
  private tab: string | null = null;
  /** The engine made `reported` last, and so can steer its prompts. */
  private live = false;
  private reported: ReportBytes | null;
  private lastModels: ModelsOfRun;

  constructor(
    private shownFile: string,
    restored: PanelState | null = null,
  ) {
    this.reported = restored?.report ? partsOf(Buffer.from(JSON.stringify(restored.report))) : null;
    const compare = restored?.report?.settings.compare;
    this.lastModels = compare === undefined ? {} : { compare };
  }

  get file(): string {
    return this.shownFile;
  }

  /** The newest report of the file. */
  get report(): ReportBytes | null {
    return this.reported;
  }

  /** Of the last analysis, to run it again. */
  get models(): ModelsOfRun {
    return this.lastModels;
  }

  onEvent(event: RunEvent): void {
    const file = event.uri.fsPath;
    switch (event.type) {
      case "started":
        this.live = false;
        this.lastModels = event.models;
        if (file !== this.shownFile) this.reported = null;
        this.shownFile = file;
        this.running = [];
        this.send({ type: "started", file });
        break;
      case "progress": {
        const message = { type: "progress", progress: event.progress } as const;
        const withFigures = this.running?.filter(({ progress }) => progress.partial !== undefined) ?? [];
        this.running = [...withFigures, message];
        this.send(message);
        break;
      }
      case "report":
        this.reported = event.report;
        this.live = event.live;
        this.end({ type: "report", report: event.report, file, problems: event.problems });
        break;
      case "problems":
      case "crashed":
        this.end({ type: "problems", file, problems: event.problems });
        break;
      case "cancelled":
        this.end({ type: "cancelled", file });
        break;
    }
  }

  get isLive(): boolean {
    return this.live;
  }

  onSteered(id: number, outcome: SteerOutcome): void {
    this.send({ type: "steered", id, outcome });
  }

  onTab(tab: string): void {
    if (this.outbox === null) this.tab = tab;
    else this.send({ type: "showTab", tab });
  }

  onStale(stale: boolean): void {
    if (stale === this.stale) return;
    this.stale = stale;
    this.send({ type: "stale", stale });
  }

  onReady({ hasReport }: Extract<FromPanel, { type: "ready" }>, webview: vscode.Webview): void {
    this.outbox?.close();
    this.outbox = new Outbox(webview);
    if (this.running !== null) {
      this.send({ type: "started", file: this.shownFile });
      for (const message of this.running) this.send(message);
    } else if (this.last !== null && !(this.delivered && hasReport && this.last.type === "report")) {
      this.end(this.last);
    } else if (!hasReport && this.reported !== null) {
      this.end({ type: "report", report: this.reported, file: this.shownFile, problems: [] });
    }
    if (this.stale) this.send({ type: "stale", stale: true });
    if (this.tab !== null) this.send({ type: "showTab", tab: this.tab });
    this.tab = null;
  }

  onHidden(): void {
    this.outbox?.close();
    this.outbox = null;
  }

  private end(message: Extract<ToPanel, { type: "report" | "problems" | "cancelled" }>): void {
    this.running = null;
    this.last = message;
    this.delivered = false;
    this.send(message, () => (this.delivered = this.last === message));
  }

  private send(message: ToPanel, onSent?: () => void): void {
    this.outbox?.send(message, onSent);
  }
}
