import * as assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import { configure, eventsOf, extension, panels, reportOf, workspaceFile } from "../driver";
import { group, whileAnswering } from "../person";

const few = workspaceFile("few.relation.yaml");
const compare = (second?: unknown) => vscode.commands.executeCommand("relationLens.compareModels", few, second);

describe("comparing two models on a relation", function () {
  this.timeout(240_000);

  before(() => configure({ twins: 0, layers: "last", contexts: "passages.txt" }));
  after(() => configure({ twins: undefined, layers: undefined, contexts: undefined }));

  it("analyses it in both, in the panel", async () => {
    const report = reportOf(await eventsOf(() => compare("embedded-wide")));
    assert.equal(report.model.id, "embedded-small");
    assert.equal(report.settings.compare, "embedded-wide");
    const { comparison } = report;
    assert.equal(comparison?.model.id, "embedded-wide");
    assert.equal(comparison.other.model.id, "embedded-wide");
    assert.ok((comparison.distances?.jensenShannon ?? 0) > 0);
    assert.ok(comparison.verdicts.length > 3);
    assert.equal(panels().length, 1);
  });

  it("lists the models, those that were compared before on top, and takes a folder of the workspace", async () => {
    const { lists } = await whileAnswering({ picks: ["small"] }, async () => {
      const events = await eventsOf(compare);
      const { comparison, model } = reportOf(events);
      assert.deepEqual([model.id, comparison?.model.id], ["embedded-small", "small"]);
      // The same weights.
      assert.ok((comparison?.distances?.jensenShannon ?? 1) < 1e-9, JSON.stringify(comparison?.distances));
    });
    assert.equal(lists.length, 1);
    const [list = []] = lists;
    assert.deepEqual(group(list, "compared before"), ["embedded-wide"]);
    assert.deepEqual(group(list, "embedded"), ["embedded-small", "embedded-wide"]);
    assert.deepEqual(group(list, "in this workspace"), ["small"]);
    assert.ok(list.every(({ label }) => label !== "Default"));
    const { lists: next } = await whileAnswering({}, compare);
    assert.deepEqual(group(next[0] ?? [], "compared before"), ["exports/small", "embedded-wide"]);
  });

  it("does nothing where no second model is chosen", async () => {
    const events = await eventsOf(() => whileAnswering({}, compare));
    assert.deepEqual(events, []);
    assert.deepEqual(await eventsOf(() => whileAnswering({ picks: ["Browse…"] }, compare)), []);
  });

  it("says that the second model is not there", async () => {
    const last = (await eventsOf(() => compare("exports/none"))).at(-1);
    assert.equal(last?.type, "problems", JSON.stringify(last));
    const [problem] = last.problems;
    assert.match(problem?.message ?? "", /none/);
    assert.notEqual(problem?.remedy, "");
  });

  it("says that the general contexts are not there", async () => {
    await configure({ contexts: "no-such-folder" });
    const last = (await eventsOf(() => compare("embedded-wide"))).at(-1);
    await configure({ contexts: "passages.txt" });
    assert.equal(last?.type, "problems", JSON.stringify(last));
    assert.match(last.problems.map(({ message, file }) => `${message} ${file ?? ""}`).join(), /no-such-folder/);
  });

  it("is cancelled within a second, in the comparison too", async () => {
    for (const fraction of [0.05, 0.5]) {
      let cancelled = Infinity;
      const events = await eventsOf(
        () => compare("embedded-wide"),
        (event) => {
          if (event.type !== "progress" || event.progress.fraction < fraction || cancelled < Infinity) return;
          cancelled = performance.now();
          void vscode.commands.executeCommand("relationLens.cancel");
        },
      );
      assert.equal(events.at(-1)?.type, "cancelled");
      assert.ok(performance.now() - cancelled < 1000, `${performance.now() - cancelled} ms`);
    }
  });

  it("shows that the engine ended, and works again", async () => {
    const { engine, runs } = await extension().activate();
    const { errors } = await whileAnswering({ presses: [undefined] }, async () => {
      const events = await eventsOf(
        () => compare("embedded-wide"),
        (event) => {
          if (event.type === "progress" && engine.pid !== undefined) process.kill(engine.pid, "SIGKILL");
        },
      );
      assert.equal(events.at(-1)?.type, "crashed");
    });
    assert.equal(errors.length, 1);
    assert.match(errors[0] ?? "", /stopped unexpectedly/);
    await wait(0);
    assert.equal(runs.busy, false);
    const again = await eventsOf(
      () => compare("embedded-wide"),
      ({ type }) => {
        if (type === "progress") void vscode.commands.executeCommand("relationLens.cancel");
      },
    );
    assert.equal(again.at(-1)?.type, "cancelled");
  });
});
