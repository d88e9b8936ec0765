import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import type { ReportBytes } from "../../../src/protocol/engine";
import type { Report } from "../../../src/protocol/report";
import { analyze, close, extension, workspaceFile } from "../driver";
import { note } from "../measurements";

interface Gap {
  /** Milliseconds between two turns of the event loop, less those in which the system, or the one below it, let others run. */
  readonly blocked: number;
  /** Those milliseconds: this thread was ready to run. */
  readonly queued: number;
}

/**
 * Milliseconds that the main thread has stood in the queue since it began, and that other machines on the same hardware
 * have taken from the processor that lost most; 0 where the system does not say.
 */
function queueTime(): number {
  try {
    const queued = Number(readFileSync("/proc/self/schedstat", "utf8").split(" ")[1]) / 1e6;
    const stolen = readFileSync("/proc/stat", "utf8")
      .split("\n")
      .filter((line) => /^cpu\d/.test(line))
      .map((line) => Number(line.split(" ")[8]) * stealTick);
    return queued + Math.max(0, ...stolen);
  } catch {
    return 0;
  }
}

/** /proc/stat counts in hundredths of a second. */
const stealTick = 10;

/** Watches the event loop with a timer of one millisecond while something runs. */
async function longestGap(run: () => Promise<unknown>): Promise<Gap> {
  let longest: Gap = { blocked: 0, queued: 0 };
  let watching = true;
  let last = performance.now();
  let queue = queueTime();
  const turn = () => {
    const wall = performance.now() - last;
    const queued = queueTime() - queue;
    if (wall - queued > longest.blocked) longest = { blocked: wall - queued, queued };
    last += wall;
    queue += queued;
    if (watching) setTimeout(turn, 1);
  };
  turn();
  await run();
  watching = false;
  turn();
  return longest;
}

const show = ({ blocked, queued }: Gap) => `${blocked.toFixed(1)} ms (and ${queued.toFixed(1)} ms in the queue)`;

describe("the extension host's event loop", function () {
  this.timeout(240_000);
  /** The last report, as it came. */
  let made: ReportBytes | undefined;

  before(async () => {
    // What the editor itself loads for a YAML file is not the extension's doing.
    await vscode.window.showTextDocument(workspaceFile("superlative.relation.yaml"));
    await wait(1000);
  });

  it("sees a gap that is there", async () => {
    const gap = await longestGap(async () => {
      await wait(20);
      const [start, queue] = [performance.now(), queueTime()];
      while (performance.now() - start - (queueTime() - queue) < 40);
      await wait(20);
    });
    assert.ok(gap.blocked > 30, show(gap));
  });

  const file = workspaceFile("superlative.relation.yaml");
  const run = (command: string, ...args: unknown[]) =>
    vscode.commands.executeCommand(`relationLens.${command}`, ...args);
  const restart = () => run("restartEngine");
  const relations = [file, workspaceFile("plural.relation.yaml")];
  const saved = workspaceFile("large.report.json");
  after(() => rm(saved.fsPath, { force: true }));

  for (const [what, act, prepare] of [
    ["an analysis (engine that has to start)", analyzeFile, restart],
    ["an analysis (engine that runs)", analyzeFile],
    ["a comparison of relations", () => run("compareRelations", file, relations)],
    ["the simulation", () => run("originsSimulation"), () => close("simulation")],
    ["a large report that is opened", () => run("openReport", saved), saveLarge],
    ["the list of reports", async () => (await extension().activate()).reports.getChildren(), saveLarge],
  ] as const) {
    it(`is never blocked for more than 20 ms by ${what}`, async () => {
      const idle = await longestGap(() => wait(1000));
      const gaps: Gap[] = [];
      // What the extension does, it does in every run; what the machine does besides differs from run to run.
      while (gaps.length < 3 && gaps.every(({ blocked }) => blocked >= 20)) {
        await prepare?.();
        gaps.push(await longestGap(async () => act()));
      }
      note(`longest gap in the event loop, ${what}: ${gaps.map(show).join("; ")}; idle: ${show(idle)}`);
      assert.ok(
        gaps.some(({ blocked }) => blocked < 20),
        gaps.map(show).join("; "),
      );
    });
  }

  async function analyzeFile(): Promise<void> {
    const event = await analyze(file);
    assert.equal(event.type, "report");
    made = event.report;
  }

  /** Some eight megabytes, of which most are figures. */
  async function saveLarge(): Promise<void> {
    const bytes = made ?? assert.fail("no report was made");
    const report = JSON.parse(Buffer.from(bytes).toString("utf8")) as Report;
    const slopes = Array.from({ length: 1000 }, (_, i) => Array.from({ length: 400 }, (_, j) => Math.sin(i * j)));
    await writeFile(saved.fsPath, JSON.stringify({ ...report, parallelism: { ...report.parallelism, slopes } }));
  }
});
