import * as assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import { configure, eventsOf, extension, reportOf, workspaceFile } from "../driver";
import { whileAnswering, type Person } from "../person";

const few = workspaceFile("few.relation.yaml");
const folder = workspaceFile("exports/twin");
const setting = () => vscode.workspace.getConfiguration("relationLens").inspect<string>("model")?.workspaceValue;

const make = (person: Person) => whileAnswering(person, () => vscode.commands.executeCommand("relationLens.makeTwin"));

describe("making an equivalent twin", function () {
  this.timeout(240_000);

  before(() => configure({ twins: 0, layers: "last", contexts: "passages.txt" }));
  after(async () => {
    await configure({ twins: undefined, layers: undefined, contexts: undefined, model: undefined });
    await rm(folder.fsPath, { recursive: true, force: true });
  });

  it("writes it where the person says, and uses it on request", async () => {
    const { informations, proposed, lists, errors } = await make({
      picks: ["embedded-small"],
      types: "",
      saves: folder,
      presses: ["Use It"],
    });
    assert.deepEqual(errors, []);
    assert.equal(lists[0]?.[0]?.label, "embedded-small");
    assert.equal(proposed?.fsPath, workspaceFile("embedded-small-twin").fsPath);
    assert.equal(informations.length, 1);
    assert.match(informations[0] ?? "", /twin predicts what the original predicts; its hidden size is 96/);
    assert.ok(existsSync(join(folder.fsPath, "config.json")));
    assert.equal(setting(), "exports/twin");
    await configure({ model: undefined });
  });

  it("is refused for a folder that is not empty", async () => {
    const { errors, informations } = await make({ picks: ["embedded-small"], types: "", saves: folder });
    assert.deepEqual(informations, []);
    assert.equal(errors.length, 1);
    assert.match(errors[0] ?? "", /twin/);
    assert.ok(existsSync(join(folder.fsPath, "config.json")));
  });

  it("of another hidden size, compared with the original on the relation that is open", async () => {
    await rm(folder.fsPath, { recursive: true });
    await vscode.window.showTextDocument(few);
    const events = await eventsOf(() =>
      make({ picks: ["embedded-small"], types: "112", saves: folder, presses: ["Compare with the Original"] }),
    );
    const { model, comparison } = reportOf(events);
    assert.equal(model.id, "embedded-small");
    assert.deepEqual([comparison?.model.id, comparison?.model.hiddenSize], ["twin", 112]);
    // linear-properties section 9: what a twin must show.
    assert.ok((comparison?.distances?.jensenShannon ?? 1) < 1e-6);
    assert.ok((comparison?.equivalence?.r2Forward ?? 0) > 0.9999);
    assert.ok((comparison?.equivalence?.r2Backward ?? 0) > 0.9999);
  });

  it("asks for a size that is one", async () => {
    for (const types of ["12a", "-1", "1.5", "0", "1e3", "70000"]) {
      const { complaint, informations } = await make({ picks: ["embedded-small"], types });
      assert.match(complaint ?? "", /whole number/, types);
      assert.deepEqual(informations, []);
    }
    const { complaint } = await make({ picks: ["embedded-small"], types: " 128 " });
    assert.equal(complaint, null);
  });

  it("is refused for a hidden size below the model's", async () => {
    const { errors } = await make({ picks: ["embedded-small"], types: "8", saves: workspaceFile("exports/narrow") });
    assert.equal(errors.length, 1);
    assert.match(errors[0] ?? "", /96/);
    assert.ok(!existsSync(workspaceFile("exports/narrow").fsPath));
  });

  it("does nothing where the person gives up at any step", async () => {
    const target = workspaceFile("exports/never");
    for (const person of [
      { types: "", saves: target },
      { picks: ["embedded-small"], saves: target },
      { picks: ["embedded-small"], types: "" },
    ] satisfies Person[]) {
      const { errors, informations } = await make(person);
      assert.deepEqual([...errors, ...informations], []);
    }
    assert.ok(!existsSync(target.fsPath));
  });

  it("leaves nothing behind where it is cancelled", async () => {
    const target = workspaceFile("exports/cancelled");
    const { engine, runs } = await extension().activate();
    await vscode.commands.executeCommand("relationLens.restartEngine");
    const making = make({ picks: ["embedded-small"], types: "", saves: target });
    for (let i = 0; i < 1000 && !(runs.busy && engine.pid !== undefined); i++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.ok(runs.busy);
    await vscode.commands.executeCommand("relationLens.cancel");
    const { informations, errors } = await making;
    assert.deepEqual([...informations, ...errors], []);
    assert.ok(!existsSync(target.fsPath));
    assert.equal(runs.busy, false);
  });

  it("says why it cannot be written", async () => {
    const file = workspaceFile("exports/a-file");
    await mkdir(workspaceFile("exports").fsPath, { recursive: true });
    await writeFile(file.fsPath, "");
    const { errors } = await make({ picks: ["embedded-small"], types: "", saves: file });
    await rm(file.fsPath);
    assert.equal(errors.length, 1);
  });
});
