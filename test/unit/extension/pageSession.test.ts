import { describe, expect, it } from "vitest";
import { PageSession } from "../../../src/extension/views/pageSession";
import type { ToRelationsPage, ToSimulationPage } from "../../../src/protocol/panel";
import type { RelationsReport } from "../../../src/protocol/relationsReport";
import type { SimulationCheckpoint, SimulationReport } from "../../../src/protocol/simulation";

type Message = ToRelationsPage | ToSimulationPage;

const started: Message = { type: "started", files: ["a", "b"] };
const progress = (fraction: number): Message => ({
  type: "progress",
  progress: { phase: "forward", detail: "", fraction },
});
const checkpoint = (step: number): Message => ({
  type: "checkpoint",
  checkpoint: { run: 0, step } as SimulationCheckpoint,
  fraction: step / 10,
});
const relations: Message = { type: "relations", report: {} as RelationsReport, problems: [] };
const simulation: Message = { type: "simulation", report: {} as SimulationReport };
const cancelled: Message = { type: "cancelled" };

/** A page that notes what it is sent. */
function page() {
  const heard: Message[] = [];
  const webview = {
    postMessage: (message: Message) => {
      heard.push(message);
      return Promise.resolve(true);
    },
  };
  return { heard, webview: webview as never };
}

function after(...messages: readonly Message[]): PageSession {
  const session = new PageSession();
  for (const message of messages) session.send(message);
  return session;
}

/** What a page hears that comes after these messages. */
function replayed(...messages: readonly Message[]): readonly Message[] {
  const { heard, webview } = page();
  after(...messages).onReady(false, webview);
  return heard;
}

describe("what a page is told when it is ready", () => {
  it("is the newest progress, or every point of a curve", () => {
    expect(replayed(started, progress(0.1), progress(0.2))).toEqual([started, progress(0.2)]);
    expect(replayed(started, checkpoint(1), checkpoint(2))).toEqual([started, checkpoint(1), checkpoint(2)]);
  });

  it("is the report alone once there is one, and what a cancelled run left", () => {
    expect(replayed(started, progress(0.1), relations)).toEqual([started, relations]);
    expect(replayed(started, checkpoint(1), simulation)).toEqual([started, simulation]);
    expect(replayed(started, checkpoint(1), cancelled)).toEqual([started, checkpoint(1), cancelled]);
  });

  it("forgets what came before another start", () => {
    expect(replayed(started, relations, started)).toEqual([started]);
    expect(replayed(started, cancelled, started, progress(0.5))).toEqual([started, progress(0.5)]);
  });

  it("is nothing where it has drawn the report already and kept it", () => {
    const session = after(started);
    const first = page();
    session.onReady(false, first.webview);
    session.send(relations);
    expect(first.heard).toEqual([started, relations]);
    session.onHidden();
    const second = page();
    session.onReady(true, second.webview);
    expect(second.heard).toEqual([]);
    session.onReady(false, second.webview);
    expect(second.heard).toEqual([started, relations]);
  });

  it("is what came while it was hidden", () => {
    const session = after(started);
    const { heard, webview } = page();
    session.onReady(false, webview);
    session.onHidden();
    session.send(relations);
    expect(heard).toEqual([started]);
    session.onReady(true, webview);
    expect(heard.slice(1)).toEqual([started, relations]);
  });
});

describe("a session runs", () => {
  it("from its start to what ends it", () => {
    for (const message of [started, progress(0.5), checkpoint(1)]) expect(after(started, message).running).toBe(true);
    for (const message of [relations, simulation, cancelled, { type: "problems", problems: [] } as const]) {
      expect(after(started, message).running, message.type).toBe(false);
    }
    expect(new PageSession().running).toBe(false);
  });
});
