import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { CancellationTokenSource } from "vscode-jsonrpc/node";
import { afterEach, describe, expect, it } from "vitest";
import { EngineClient } from "../../../src/extension/engineClient";
import type { EngineAnswer } from "../../../src/extension/engineProcess";
import type { ProgressMessage } from "../../../src/protocol/engine";
import type { ReportBytes } from "../../../src/protocol/reportBytes";

const module = join(import.meta.dirname, "../../host/fixtures/fakeEngine.mjs");
const settings = { model: null, seed: 0, only: [], layers: "all", bos: "auto" } as const;
/** What the fake engine gives for a report. */
const reported = Uint8Array.from({ length: 7_700_000 }, (_, i) => i % 251);
const log: string[] = [];
const client = new EngineClient({ module, onLog: (_level, message) => log.push(message), cancelGrace: 300 });

type Request = (
  behaviour: string,
  token: CancellationTokenSource["token"],
  heard: (message: { fraction: number }) => void,
) => Promise<EngineAnswer<unknown>>;

/** Runs one behaviour of the fake engine; `cancelAfter` counts from the first progress. */
async function run(behaviour: string, { cancelAfter }: { cancelAfter?: number } = {}) {
  const source = new CancellationTokenSource();
  const progress: ProgressMessage[] = [];
  let cancelledAt = Infinity;
  const answer = await client.analyze({ file: behaviour, settings }, source.token, (step) => {
    progress.push(step);
    if (cancelAfter === undefined) return;
    setTimeout(() => {
      cancelledAt = performance.now();
      source.cancel();
    }, cancelAfter);
  });
  return { answer, progress, sinceCancel: performance.now() - cancelledAt };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

afterEach(() => {
  client.stop();
  log.length = 0;
});

describe("the engine's client", () => {
  it("starts no process before it is asked", () => {
    expect(client.pid).toBeUndefined();
  });

  it("passes on the answer, and the progress of its own request only", async () => {
    const { answer, progress } = await run("answers");
    expect(answer).toMatchObject({ state: "answered", outcome: { problems: [{ code: "answered" }] } });
    expect(progress).toEqual([{ phase: "load", detail: "answers", fraction: 0.25 }]);
  });

  it("keeps the process for the next request", async () => {
    await run("answers");
    const pid = client.pid;
    await run("answers");
    expect(pid).toBeTypeOf("number");
    expect(client.pid).toBe(pid);
  });

  it("says that a process ended in the middle, and starts another", async () => {
    const { answer } = await run("crashes");
    expect(answer).toEqual({ state: "crashed", how: "exit status 7" });
    expect((await run("answers")).answer.state).toBe("answered");
  });

  it("says so when the process is killed from outside", async () => {
    const running = run("blocks");
    await wait(400);
    const pid = client.pid!;
    process.kill(pid, "SIGKILL");
    expect((await running).answer).toEqual({ state: "crashed", how: "SIGKILL" });
    expect((await run("answers")).answer.state).toBe("answered");
    expect(client.pid).not.toBe(pid);
  });

  it("says so when the process has ended and its channel is still open", async () => {
    expect((await run("lingers")).answer).toEqual({ state: "crashed", how: "exit status 7" });
  });

  it("passes on a large report without reading it", async () => {
    await run("answers");
    const [start, before] = [process.cpuUsage(), performance.now()];
    const { answer } = await run("reports");
    const { user, system } = process.cpuUsage(start);
    const outcome = answer.state === "answered" ? answer.outcome : null;
    const value = outcome?.ok === true ? outcome.value : null;
    expect(value?.model).toBe("large");
    const { report: parts } = value!;
    // Passing a view on sends all that lies behind it.
    for (const part of parts) expect(part.buffer.byteLength).toBe(part.length);
    expect(Math.max(...parts.map(({ length }) => length))).toBe(250_000);
    expect(Buffer.compare(Buffer.concat(parts), reported)).toBe(0);
    const spent = (user + system) / 1000;
    console.log(
      `${(reported.length / 1e6).toFixed(1)} MB in ${spent.toFixed(0)} ms of processor time, ${(performance.now() - before).toFixed(0)} ms in all`,
    );
  });

  for (const [request, ask] of [
    ["compareReports", (left, token) => client.compareReports({ left, right: "" }, token)],
    ["openReport", (file, token) => client.openReport({ file }, token)],
    ["compareRelations", (file, token, heard) => client.compareRelations({ files: [file], settings }, token, heard)],
    ["writeTwin", (out, token, heard) => client.writeTwin({ model: null, out, condition: 1, seed: 0 }, token, heard)],
    [
      "simulate",
      (name, token, heard) => {
        const seed = ["reports", "answers", "cancels", "blocks", "crashes"].indexOf(name);
        const run = { concepts: 3, runs: 1, optimizer: "sgd", seed } as const;
        return client.simulate({ settings: run }, token, { onCheckpoint: heard });
      },
    ],
  ] satisfies [string, Request][]) {
    it(`${request}: is answered, is cancelled, and survives a crash`, async () => {
      const heard: { fraction: number }[] = [];
      const source = new CancellationTokenSource();
      const hear = (message: { fraction: number }) => heard.push(message);
      expect(await ask("answers", source.token, hear)).toMatchObject({
        state: "answered",
        outcome: { problems: [{ code: "answered" }] },
      });
      const isQuiet = request === "compareReports" || request === "openReport";
      expect(heard.map(({ fraction }) => fraction)).toEqual(isQuiet ? [] : [0.5]);
      const waiting = ask("cancels", source.token, hear);
      setTimeout(() => source.cancel(), 50);
      expect(await waiting).toEqual({ state: "cancelled" });
      const another = new CancellationTokenSource().token;
      expect(await ask("crashes", another, hear)).toEqual({ state: "crashed", how: "exit status 7" });
      expect((await ask("answers", another, hear)).state).toBe("answered");
    });
  }

  it("puts a saved report together, each time anew", async () => {
    for (let time = 0; time < 2; time++) {
      const answer = await client.openReport({ file: "reports" }, new CancellationTokenSource().token);
      const outcome = answer.state === "answered" ? answer.outcome : null;
      const parts = (outcome?.ok === true ? outcome.value.report : null) as ReportBytes;
      for (const part of parts) expect(part.buffer.byteLength).toBe(part.length);
      expect(Buffer.compare(Buffer.concat(parts), reported)).toBe(0);
    }
  });

  it("steers with the process that analysed, and starts none for it", async () => {
    const steer = (alpha: number, source = new CancellationTokenSource()) =>
      client.steer(
        { layer: "final", method: "minimumNorm", alpha, template: 0, sample: 0, to: 1, continuation: 4 },
        source.token,
      );
    expect(await steer(1)).toBeNull();
    expect(client.pid).toBeUndefined();
    await run("answers");
    expect(await steer(1)).toMatchObject({ problems: [{ code: "answered" }] });
    const source = new CancellationTokenSource();
    const waiting = steer(11, source);
    source.cancel();
    expect(await waiting).toBeNull();
    expect(await steer(-1)).toBeNull();
  });

  it("cancels without ending an engine that listens", async () => {
    const { answer, sinceCancel } = await run("cancels", { cancelAfter: 0 });
    expect(answer).toEqual({ state: "cancelled" });
    expect(sinceCancel).toBeLessThan(250);
    expect(isRunning(client.pid!)).toBe(true);
  });

  it("kills an engine that does not listen, and starts another for the next request", async () => {
    const running = run("blocks", { cancelAfter: 100 });
    await wait(50);
    const pid = client.pid!;
    const { answer, sinceCancel } = await running;
    expect(answer).toEqual({ state: "cancelled" });
    expect(sinceCancel).toBeGreaterThan(250);
    expect(sinceCancel).toBeLessThan(1000);
    expect(isRunning(pid)).toBe(false);
    expect((await run("answers")).answer.state).toBe("answered");
  });

  it("does not ask when the request is cancelled already", async () => {
    const source = new CancellationTokenSource();
    source.cancel();
    expect(await client.analyze({ file: "answers", settings }, source.token, () => undefined)).toEqual({
      state: "cancelled",
    });
    expect(client.pid).toBeUndefined();
  });

  it("logs what native code writes", async () => {
    await run("writes");
    await expect.poll(() => log).toContain("a native library complains");
  });

  it("lists models; an engine that ends meanwhile gives none", async () => {
    expect(await client.models({ workspaceFolders: ["answers"] })).toMatchObject({ problems: [{ code: "answered" }] });
    expect(await client.models({ workspaceFolders: ["crashes"] })).toBeNull();
    expect(await client.models({ workspaceFolders: ["answers"] })).not.toBeNull();
  });
});
