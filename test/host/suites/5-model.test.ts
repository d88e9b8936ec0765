import * as assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, it } from "mocha";
import * as vscode from "vscode";
import { analyzeUntil, figuresOf, extension, workspaceFile } from "../driver";

const superlative = workspaceFile("superlative.relation.yaml");
const inWorkspace = () => vscode.workspace.getConfiguration("relationLens").inspect<string>("model")?.workspaceValue;

/** The model of a run, as its report will name it. */
const modelOfRun = () => analyzeUntil(superlative, (event) => figuresOf(event)?.model?.id);

describe("choosing a model", () => {
  afterEach(async () => {
    await vscode.workspace
      .getConfiguration("relationLens")
      .update("model", undefined, vscode.ConfigurationTarget.Workspace);
  });

  it("writes the setting in the workspace, and the next analysis uses it", async () => {
    await vscode.commands.executeCommand("relationLens.chooseModel", "exports/small");
    assert.equal(inWorkspace(), "exports/small");
    assert.equal(await modelOfRun(), "small");
  });

  it("lists the embedded models and the exports of the workspace", async () => {
    const { engine } = await extension().activate();
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    const outcome = await engine.models({ workspaceFolders: [folder.uri.fsPath] });
    assert.ok(outcome?.ok === true);
    const found = outcome.value.map(({ id, origin }) => `${origin} ${id}`);
    assert.ok(found.includes("embedded embedded-small"), found.join());
    assert.ok(found.includes("workspace small"), found.join());
  });

  it("from the list: the first entry takes the setting away", async () => {
    await vscode.commands.executeCommand("relationLens.chooseModel", "exports/small");
    const choosing = Promise.resolve(vscode.commands.executeCommand("relationLens.chooseModel")).then(() => true);
    // Accepting before the list is there and filled does nothing.
    let chosen = false;
    for (let tries = 0; !chosen && tries < 100; tries++) {
      await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
      chosen = await Promise.race([choosing, wait(100, false)]);
    }
    assert.ok(chosen, "the list was never accepted");
    assert.equal(inWorkspace(), undefined);
  });
});
