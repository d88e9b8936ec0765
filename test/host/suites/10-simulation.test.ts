import * as assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import * as vscode from "vscode";
import { close, eventually, extension, messagesTo, panels } from "../driver";
import { whileAnswering } from "../person";
import { note } from "../measurements";

const open = () => vscode.commands.executeCommand("relationLens.originsSimulation");
const page = async () => (await extension().activate()).simulation;

describe("the origins simulation", function () {
  this.timeout(240_000);

  // A page that another suite left open would only be shown again.
  before(() => close("simulation"));

  it("runs in a page of its own, with checkpoints on the way", async () => {
    const start = performance.now();
    const messages = await messagesTo(await page(), open);
    note(`origins simulation with its defaults: ${((performance.now() - start) / 1000).toFixed(1)} s`);
    const [first] = messages;
    const last = messages.at(-1);
    assert.deepEqual(first, { type: "started", settings: { concepts: 4, runs: 3, optimizer: "sgd", seed: 0 } });
    assert.equal(last?.type, "simulation", JSON.stringify(last));
    const { report } = last;
    assert.deepEqual([report.concepts, report.runs, report.curves.length], [4, 3, 3]);
    const checkpoints = messages.filter((message) => message.type === "checkpoint");
    // At most ten a second reach the page: a fast machine sends few, but some of every run.
    assert.ok(checkpoints.length >= 3, `${checkpoints.length} checkpoints`);
    assert.ok(checkpoints.every(({ fraction }, i) => i === 0 || fraction >= (checkpoints[i - 1]?.fraction ?? 0)));
    assert.deepEqual([...new Set(checkpoints.map(({ checkpoint }) => checkpoint.run))].sort(), [0, 1, 2]);
    await eventually("a page", () => panels("simulation").length === 1);
  });

  it("is shown again as it is, without another run", async () => {
    assert.deepEqual(await messagesTo(await page(), open), []);
    assert.equal(panels("simulation").length, 1);
  });

  it("stops when it is cancelled", async () => {
    await close("simulation");
    const messages = await messagesTo(await page(), open, ({ type }) => {
      if (type === "checkpoint") void vscode.commands.executeCommand("relationLens.cancel");
    });
    assert.equal(messages.at(-1)?.type, "cancelled");
  });

  it("stops when its page is closed", async () => {
    await close("simulation");
    let closing: Promise<void> | undefined;
    const messages = await messagesTo(await page(), open, ({ type }) => {
      if (type === "checkpoint") closing ??= close("simulation");
    });
    await closing;
    assert.equal(messages.at(-1)?.type, "cancelled");
    assert.equal((await extension().activate()).runs.busy, false);
  });

  it("says that the engine ended", async () => {
    const { engine } = await extension().activate();
    const { errors } = await whileAnswering({ presses: [undefined] }, async () => {
      const messages = await messagesTo(await page(), open, ({ type }) => {
        if (type === "checkpoint" && engine.pid !== undefined) process.kill(engine.pid, "SIGKILL");
      });
      const last = messages.at(-1);
      assert.equal(last?.type, "problems");
      assert.equal(last.problems[0]?.code, "engine-crashed");
    });
    assert.equal(errors.length, 1);
    await close("simulation");
  });
});
