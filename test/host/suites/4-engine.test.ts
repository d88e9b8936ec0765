import * as assert from "node:assert/strict";
import { basename } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import type { Phase } from "../../../src/protocol/engine";
import {
  analyze,
  analyzeToReport,
  analyzeUntil,
  cpuShare,
  eventually,
  extension,
  isRunning,
  relationOf,
  workspaceFile,
} from "../driver";
import { note } from "../measurements";

const file = workspaceFile("superlative.relation.yaml");

async function enginePid(): Promise<number> {
  const { pid } = (await extension().activate()).engine;
  assert.ok(pid !== undefined, "the engine does not run");
  return pid;
}

describe("the engine process", () => {
  for (const phase of ["load", "linearity"] satisfies Phase[]) {
    it(`may be killed (in phase ${phase}): a message, and the next run works`, async () => {
      await vscode.commands.executeCommand("relationLens.restartEngine");
      let killed: number | undefined;
      const { engine } = await extension().activate();
      const event = await analyze(file, (step) => {
        if (killed !== undefined || step.type !== "progress" || step.progress.phase !== phase) return;
        killed = engine.pid;
        assert.ok(killed !== undefined);
        process.kill(killed, "SIGKILL");
      });
      assert.equal(event.type, "crashed");
      const [problem] = event.problems;
      assert.equal(problem?.code, "engine-crashed");
      assert.match(problem.message, /SIGKILL/);
      assert.notEqual(problem.remedy, "");
      await analyzeUntil(file, relationOf);
      assert.notEqual(await enginePid(), killed);
    });
  }

  for (const phase of ["load", "forward", "linearity", "probes"] satisfies Phase[]) {
    it(`is idle within a second of a cancellation (in phase ${phase})`, async () => {
      if (phase === "load") await vscode.commands.executeCommand("relationLens.restartEngine");
      let cancelled = Infinity;
      const { engine } = await extension().activate();
      let pid: number | undefined;
      const event = await analyze(file, (step) => {
        if (cancelled < Infinity || step.type !== "progress" || step.progress.phase !== phase) return;
        cancelled = performance.now();
        pid = engine.pid;
        void vscode.commands.executeCommand("relationLens.cancel");
      });
      const milliseconds = performance.now() - cancelled;
      assert.equal(event.type, "cancelled");
      assert.ok(pid !== undefined);
      note(
        `cancellation in phase ${phase}: ${milliseconds.toFixed(0)} ms${isRunning(pid) ? "" : ", the engine was killed"}`,
      );
      assert.ok(milliseconds < 1000, `${milliseconds} ms`);
      if (process.platform === "linux") {
        // What was under way may end; at the end of the second nothing may be.
        await wait(Math.max(0, 600 - (performance.now() - cancelled)));
        const share = await cpuShare(pid, 400);
        assert.ok(share < 0.15, `the engine still uses ${share} of a core`);
      }
    });
  }

  it("restarts by command, also in the middle of an analysis", async () => {
    const before = await enginePid();
    const event = await analyze(file, (step) => {
      if (step.type === "started") void vscode.commands.executeCommand("relationLens.restartEngine");
    });
    assert.equal(event.type, "cancelled");
    await eventually("the end of the old process", () => !isRunning(before));
    // A whole report, after everything that was done to the engine above.
    await analyzeToReport(file);
    assert.notEqual(await enginePid(), before);
  });

  it("gives way when another analysis starts", async () => {
    const { runs } = await extension().activate();
    const ends: string[] = [];
    const subscription = runs.onDidHappen((event) => {
      if (event.type !== "started" && event.type !== "progress") ends.push(`${event.type} ${basename(event.uri.path)}`);
      else if (relationOf(event)?.name === "capital") void vscode.commands.executeCommand("relationLens.cancel");
    });
    await Promise.all([
      vscode.commands.executeCommand("relationLens.analyze", file),
      vscode.commands.executeCommand("relationLens.analyze", workspaceFile("capital.relation.yaml")),
    ]);
    subscription.dispose();
    assert.deepEqual(ends, ["cancelled superlative.relation.yaml", "cancelled capital.relation.yaml"]);
  });
});
