import * as assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import { extension } from "../driver";

describe("activation", () => {
  it("waits for the first command", () => {
    assert.equal(extension().isActive, false);
  });

  it("starts no engine", async () => {
    const { engine, runs } = await extension().activate();
    assert.equal(engine.pid, undefined);
    assert.equal(runs.busy, false);
  });

  it("registers every command that the manifest names", async () => {
    const manifest = extension().packageJSON as { contributes: { commands: { command: string }[] } };
    const registered = new Set(await vscode.commands.getCommands(true));
    const named = manifest.contributes.commands.map(({ command }) => command);
    assert.ok(named.length >= 14);
    assert.deepEqual(
      named.filter((command) => !registered.has(command)),
      [],
    );
  });
});
