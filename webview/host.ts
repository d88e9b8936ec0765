import type {
  FromPage,
  FromPanel,
  PageState,
  PanelState,
  ToPanel,
  ToRelationsPage,
  ToSimulationPage,
} from "../src/protocol/panel";
import { receiver, type Received } from "./received";
import { savedPageHost } from "./savedPage";

/** Who the page talks to: the editor, or nobody but the browser where the page is a saved file. */
export interface Host {
  postMessage(message: FromPanel | FromPage): void;
  getState(): PanelState | PageState | undefined;
  setState(state: PanelState | PageState): void;
}

declare const acquireVsCodeApi: (() => Host) | undefined;

/** The page is in an editor, which can analyse. */
export const hasHost = typeof acquireVsCodeApi === "function";

const host: Host = typeof acquireVsCodeApi === "function" ? acquireVsCodeApi() : savedPageHost();

export const post = (message: FromPanel) => host.postMessage(message);
export const postFromPage = (message: FromPage) => host.postMessage(message);
export const saveState = (state: PanelState | PageState) => host.setState(state);

export function savedState(): PanelState | undefined {
  const state = host.getState();
  return state && !("page" in state) ? state : undefined;
}

export function savedPageState<P extends PageState["page"]>(page: P): Extract<PageState, { page: P }> | undefined {
  const state = host.getState();
  return state && "page" in state && isOf(state, page) ? state : undefined;
}

const isOf = <P extends PageState["page"]>(state: PageState, page: P): state is Extract<PageState, { page: P }> =>
  state.page === page;

/** The one place where the report's messages come in; those of other senders (developer tools) are left alone. */
export function onMessage(handle: (message: Received) => void): void {
  const receive = receiver();
  listen<ToPanel>(
    ["started", "progress", "part", "report", "problems", "cancelled", "steered", "showTab", "stale"],
    (message) => {
      const received = receive(message);
      if (received !== null) handle(received);
    },
  );
}

export const onRelationsMessage = (handle: (message: ToRelationsPage) => void) =>
  listen(["started", "progress", "relations", "problems", "cancelled"], handle);

export const onSimulationMessage = (handle: (message: ToSimulationPage) => void) =>
  listen(["started", "checkpoint", "simulation", "problems", "cancelled"], handle);

function listen<M extends { readonly type: string }>(types: readonly M["type"][], handle: (message: M) => void): void {
  if (!hasHost) return;
  const known = new Set<unknown>(types);
  const isMessage = (data: unknown): data is M =>
    typeof data === "object" && data !== null && "type" in data && known.has(data.type);
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    if (isMessage(event.data)) handle(event.data);
  });
}
