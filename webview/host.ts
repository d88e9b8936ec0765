import type { FromPanel, PanelState, ToPanel } from "../src/protocol/panel";
import { received } from "./received";
import type { Received } from "./received";
import { savedPageHost } from "./savedPage";

/** Who the page talks to: the editor, or nobody but the browser where the page is a saved file. */
export interface Host {
  postMessage(message: FromPanel): void;
  getState(): PanelState | undefined;
  setState(state: PanelState): void;
}

declare const acquireVsCodeApi: (() => Host) | undefined;

/** The page is in an editor, which can analyse. */
export const hasHost = typeof acquireVsCodeApi === "function";

const host: Host = typeof acquireVsCodeApi === "function" ? acquireVsCodeApi() : savedPageHost();

export const post = (message: FromPanel) => host.postMessage(message);
export const savedState = () => host.getState();
export const saveState = (state: PanelState) => host.setState(state);

const types: ReadonlySet<unknown> = new Set<ToPanel["type"]>([
  "started",
  "progress",
  "report",
  "problems",
  "cancelled",
  "steered",
  "stale",
]);

/** The one place where messages come in; those of other senders (developer tools) are left alone. */
export function onMessage(handle: (message: Received) => void): void {
  if (!hasHost) return;
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    if (isToPanel(event.data)) handle(received(event.data));
  });
}

function isToPanel(data: unknown): data is ToPanel {
  return typeof data === "object" && data !== null && "type" in data && types.has(data.type);
}
