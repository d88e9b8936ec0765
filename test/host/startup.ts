import { appendFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import * as vscode from "vscode";
import { busyTime } from "./busyTime";
import { extension, workspaceFile } from "./driver";

/** A line for every window; the runner reads it. */
const results = join(__dirname, "..", "..", ".cache", "test-results", "startups.jsonl");

/** Milliseconds, long enough for what a window or a file that is opened sets off. */
const settled = 500;

/** Of the extension host's own work in a new window, such as starting other extensions: it has ended when less is done. */
const calm = { every: 250, computed: 5, times: 4, atMost: 20_000 };

/** Resolves when the extension host has computed next to nothing for a second; at the latest after 20. */
async function quiet(): Promise<void> {
  const end = performance.now() + calm.atMost;
  for (let times = 0; times < calm.times && performance.now() < end;) {
    const before = busyTime();
    await wait(calm.every);
    times = busyTime() - before < calm.computed ? times + 1 : 0;
  }
}

/** Activates the extension in a new window, opens a relation file, and notes what that took and what it started. */
export async function run(): Promise<void> {
  // What the editor does in a new window is not the extension's.
  await quiet();
  const found = extension();
  const activeBefore = found.isActive;
  const [start, busy] = [performance.now(), busyTime()];
  const { engine } = await found.activate();
  const milliseconds = performance.now() - start;
  const processor = busyTime() - busy;
  await vscode.window.showTextDocument(workspaceFile("superlative.relation.yaml"));
  await wait(settled);
  const startup = { activeBefore, milliseconds, processor, engine: engine.pid ?? null };
  await mkdir(dirname(results), { recursive: true });
  await appendFile(results, `${JSON.stringify(startup)}\n`);
}
