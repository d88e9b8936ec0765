import type * as vscode from "vscode";
import type { ToRelationsPage, ToSimulationPage } from "../../protocol/panel";

type Message = ToRelationsPage | ToSimulationPage;

/**
 * What a page shows, from before it is there: a page that loads or is hidden loses what is sent to it, and hears it
 * again when it says that it is ready.
 */
export class PageSession {
  /** Of a page that listens. */
  private webview: vscode.Webview | null = null;
  /** Since the last start, what a new page would need. */
  private since: readonly Message[] = [];
  /** The page has drawn the report that is the last of `since`, and keeps it over a reload. */
  private delivered = false;

  get running(): boolean {
    const last = this.since.at(-1)?.type;
    return last === "started" || last === "progress" || last === "checkpoint";
  }

  send(message: Message): void {
    this.since = keep(this.since, message);
    this.delivered = isReport(message) && this.webview !== null;
    void this.webview?.postMessage(message);
  }

  onReady(hasReport: boolean, webview: vscode.Webview): void {
    this.webview = webview;
    if (this.delivered && hasReport) return;
    this.delivered = this.since.some(isReport);
    for (const message of this.since) void webview.postMessage(message);
  }

  onHidden(): void {
    this.webview = null;
  }
}

const isReport = ({ type }: Message) => type === "relations" || type === "simulation";

/** A report holds everything before it; of progress the newest counts; a curve is all of its checkpoints. */
function keep(since: readonly Message[], message: Message): readonly Message[] {
  if (message.type === "started") return [message];
  if (message.type === "progress") return [...since.filter(({ type }) => type !== "progress"), message];
  return isReport(message) ? [...since.filter(({ type }) => type === "started"), message] : [...since, message];
}
