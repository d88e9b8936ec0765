import { setTimeout as nextTurn } from "node:timers/promises";
import type * as vscode from "vscode";
import type { ToPanel } from "../../protocol/panel";
import type { ReportBytes } from "../../protocol/reportBytes";

interface Waiting {
  readonly message: ToPanel;
  readonly onSent: (() => void) | undefined;
}

/** Sends messages to a page that listens, in order, one in each turn of the event loop, and figures in parts. */
export class Outbox {
  private readonly waiting: Waiting[] = [];
  private sending = false;

  constructor(private readonly page: Pick<vscode.Webview, "postMessage">) {}

  /** @param onSent called once all of it is on its way */
  send(message: ToPanel, onSent?: () => void): void {
    const parts = inParts(message);
    this.waiting.push(
      ...parts.map((part, i) => ({ message: part, onSent: i < parts.length - 1 ? undefined : onSent })),
    );
    if (!this.sending) void this.sendWaiting();
  }

  /** The page does not listen any more. */
  close(): void {
    this.waiting.length = 0;
  }

  private async sendWaiting(): Promise<void> {
    this.sending = true;
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      void this.page.postMessage(next.message);
      next.onSent?.();
      await nextTurn(0);
    }
    this.sending = false;
  }
}

/** A message after the parts of its figures but for the last. */
function inParts(message: ToPanel): readonly ToPanel[] {
  switch (message.type) {
    case "report":
      return [...parts(message.report), { ...message, ...last(message.report) }];
    case "progress": {
      const { partial, ...progress } = message.progress;
      if (partial === undefined) return [message];
      const { report, ahead } = last(partial);
      return [...parts(partial), { type: "progress", progress: { ...progress, partial: report }, ahead }];
    }
    default:
      return [message];
  }
}

const parts = (figures: ReportBytes) => figures.slice(0, -1).map((part) => ({ type: "part", part }) as const);

const last = (figures: ReportBytes) => ({ report: figures.slice(-1), ahead: figures.length - 1 });
