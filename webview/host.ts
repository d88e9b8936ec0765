import type { FromPanel, PanelState, ToPanel } from "../src/protocol/panel";

interface VsCodeApi {
  postMessage(message: FromPanel): void;
  getState(): PanelState | undefined;
  setState(state: PanelState): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();

export const post = (message: FromPanel) => api.postMessage(message);
export const savedState = () => api.getState();
export const saveState = (state: PanelState) => api.setState(state);

const types: ReadonlySet<unknown> = new Set<ToPanel["type"]>([
  "started",
  "progress",
  "report",
  "problems",
  "cancelled",
  "stale",
]);

/** The one place where messages come in; those of other senders (developer tools) are left alone. */
export function onMessage(handle: (message: ToPanel) => void): void {
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    if (isToPanel(event.data)) handle(event.data);
  });
}

function isToPanel(data: unknown): data is ToPanel {
  return typeof data === "object" && data !== null && "type" in data && types.has(data.type);
}
