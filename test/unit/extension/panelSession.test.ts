import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { RunEvent } from "../../../src/extension/analysisRuns";
import { PanelSession } from "../../../src/extension/views/panelSession";
import type { ToPanel } from "../../../src/protocol/panel";
import { partLength, partsOf } from "../../../src/formats/reportParts";
import { receiver, type Received } from "../../../webview/received";

const uri = { fsPath: "/a.relation.yaml" } as never;
const started: RunEvent = { type: "started", uri, models: {} };
const figures = (of: string, length: number) => partsOf(Buffer.from(JSON.stringify({ name: of.repeat(length) })));
const step = (partial?: ReturnType<typeof figures>): RunEvent => ({
  type: "progress",
  uri,
  progress: { phase: "probes", detail: "", fraction: 0.5, ...(partial && { partial }) },
});
const report = (of: string, parts = 3.5): RunEvent => ({
  ...{ type: "report", uri, report: figures(of, parts * partLength), model: "m", digest: {} as never },
  ...{ problems: [], live: true },
});
const ready = (hasReport: boolean) => ({ type: "ready", hasReport }) as const;

function bytesIn(message: ToPanel): number {
  switch (message.type) {
    case "part":
      return message.part.length;
    case "report":
      return Buffer.concat(message.report).length;
    case "progress":
      return Buffer.concat(message.progress.partial ?? []).length;
    default:
      return 0;
  }
}

/** A page that reads what it is sent, and notes in which turn of the event loop. */
function page() {
  const receive = receiver();
  const sent: ToPanel[] = [];
  const heard: Received[] = [];
  let inTurn = 0;
  let most = 0;
  const webview = {
    postMessage: (message: ToPanel) => {
      sent.push(message);
      if (inTurn === 0) setImmediate(() => (inTurn = 0));
      inTurn += bytesIn(message);
      most = Math.max(most, inTurn);
      const received = receive(message);
      if (received !== null) heard.push(received);
      return Promise.resolve(true);
    },
  };
  return {
    ...{ sent, heard, webview: webview as never, postMessage: webview.postMessage },
    names: () =>
      heard
        .map((message) =>
          message.type === "report"
            ? message.report
            : message.type === "progress"
              ? message.progress.partial
              : undefined,
        )
        .flatMap((value) => (value === undefined ? [] : [(value as unknown as { name: string }).name[0]])),
    mostInTurn: () => most,
  };
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !condition(); i++) await wait(2);
  expect(condition()).toBe(true);
}

/** A session that has begun to send a report to its page. */
function begun() {
  const first = page();
  const session = new PanelSession("/a.relation.yaml");
  session.onReady(ready(false), first.webview);
  session.onEvent(started);
  session.onEvent(report("r"));
  return { first, session };
}

describe("what the panel's page is sent", () => {
  it("is a large report in parts, one in each turn, and what comes after it in order", async () => {
    const { sent, heard, webview, names, mostInTurn } = page();
    const session = new PanelSession("/a.relation.yaml");
    session.onReady(ready(false), webview);
    session.onEvent(started);
    session.onEvent(step(figures("p", 1.5 * partLength)));
    session.onEvent(report("r"));
    session.onStale(true);
    await until(() => heard.some(({ type }) => type === "stale"));
    expect(heard.map(({ type }) => type)).toEqual(["started", "progress", "report", "stale"]);
    expect(names()).toEqual(["p", "r"]);
    expect(sent.filter(({ type }) => type === "part")).toHaveLength(4);
    expect(mostInTurn()).toBe(partLength);
  });

  it("is sent again to a page that was hidden before it had all of it, whatever that page kept", async () => {
    const { first, session } = begun();
    await until(() => first.sent.length > 2);
    session.onHidden();
    await wait(30);
    expect(first.names()).toEqual([]);
    const second = page();
    session.onReady(ready(true), second.webview);
    await until(() => second.heard.length > 0);
    expect(second.names()).toEqual(["r"]);
  });

  it("is whole in a page that takes the place of another in the middle, and gets a part of what that was sent", async () => {
    const { first, session } = begun();
    await until(() => first.sent.length > 2);
    const second = page();
    const stray = first.sent.find(({ type }) => type === "part") ?? expect.fail("no part was sent");
    await second.postMessage(stray);
    session.onReady(ready(false), second.webview);
    await until(() => second.heard.length > 0);
    expect(second.names()).toEqual(["r"]);
    expect(first.names()).toEqual([]);
  });

  it("is not sent again to a page that kept it", async () => {
    const { first, session } = begun();
    await until(() => first.names().length > 0);
    session.onHidden();
    const second = page();
    session.onReady(ready(true), second.webview);
    session.onReady(ready(false), second.webview);
    await until(() => second.heard.length > 0);
    expect(second.names()).toEqual(["r"]);
  });

  it("is the newest of two reports last", async () => {
    const { webview, names } = page();
    const session = new PanelSession("/a.relation.yaml");
    session.onReady(ready(false), webview);
    for (const of of ["a", "b"]) {
      session.onEvent(started);
      session.onEvent(report(of));
    }
    await until(() => names().length > 1);
    expect(names()).toEqual(["a", "b"]);
    expect(
      Buffer.concat(session.report ?? [])
        .toString("utf8")
        .slice(0, 10),
    ).toBe('{"name":"b');
  });
});
