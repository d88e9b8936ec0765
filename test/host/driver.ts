import * as assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import * as vscode from "vscode";
import type { RunEvent } from "../../src/extension/analysisRuns";
import type { RelationLensApi } from "../../src/extension/extension";
import type { PageKind } from "../../src/protocol/panel";
import type { Report } from "../../src/protocol/report";
import type { ReportBytes } from "../../src/protocol/reportBytes";

const extensionId = "relation-lens.relation-lens";

export function extension(): vscode.Extension<RelationLensApi> {
  const found = vscode.extensions.getExtension<RelationLensApi>(extensionId);
  assert.ok(found, `${extensionId} is not there`);
  return found;
}

const read = (parts: ReportBytes) => JSON.parse(Buffer.concat(parts).toString("utf8")) as Partial<Report>;

/** What a step of the analysis brought. */
export function figuresOf(event: RunEvent): Partial<Report> | undefined {
  return event.type === "progress" && event.progress.partial !== undefined ? read(event.progress.partial) : undefined;
}

/** A file of the workspace that the runner made. */
export function workspaceFile(name: string): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, "no folder is open");
  return vscode.Uri.joinPath(folder.uri, name);
}

/** Runs the command on a file; `onEvent` sees every event, the result is the last. */
export async function analyze(uri: vscode.Uri | undefined, onEvent?: (event: RunEvent) => void): Promise<RunEvent> {
  const events = await eventsOf(() => vscode.commands.executeCommand("relationLens.analyze", uri), onEvent);
  const last = events.at(-1);
  assert.ok(last, "nothing happened");
  return last;
}

export async function analyzeToReport(uri?: vscode.Uri) {
  const event = await analyze(uri);
  assert.equal(event.type, "report", JSON.stringify(event));
  return read(event.report) as Report;
}

/** Runs the command on a file until an event says enough, and cancels the rest. */
export async function analyzeUntil<T>(
  uri: vscode.Uri | undefined,
  enough: (event: RunEvent) => T | undefined,
): Promise<T> {
  let seen: T | undefined;
  const last = await analyze(uri, (event) => {
    if (seen !== undefined) return;
    seen = enough(event);
    if (seen !== undefined) void vscode.commands.executeCommand("relationLens.cancel");
  });
  assert.ok(seen !== undefined, `not seen until ${last.type}`);
  return seen;
}

/** What the report will say of the relation; it comes long before the figures. */
export function relationOf(event: RunEvent): Report["relation"] | undefined {
  return figuresOf(event)?.relation;
}

export function panels(kind: PageKind = "report"): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(`relationLens.${kind}`));
}

/** Closes a page, where it is open. */
export async function close(kind: PageKind): Promise<void> {
  // A page that has just been opened has no tab yet.
  for (let i = 0; i < 50 && panels(kind).length === 0; i++) await wait(20);
  await vscode.window.tabGroups.close(panels(kind));
  await eventually("no page", () => panels(kind).length === 0);
}

/** What a command sends to a page, until it has ended; `onMessage` sees every message. */
export async function messagesTo<Message>(
  page: { readonly onDidSend: vscode.Event<Message> },
  run: () => PromiseLike<unknown>,
  onMessage?: (message: Message) => void,
): Promise<readonly Message[]> {
  const messages: Message[] = [];
  const subscription = page.onDidSend((message) => {
    messages.push(message);
    onMessage?.(message);
  });
  try {
    await run();
  } finally {
    subscription.dispose();
  }
  return messages;
}

/** Runs something that makes a report of the panel; gives every event. */
export async function eventsOf(
  run: () => PromiseLike<unknown>,
  onEvent?: (event: RunEvent) => void,
): Promise<readonly RunEvent[]> {
  const { runs } = await extension().activate();
  const events: RunEvent[] = [];
  const subscription = runs.onDidHappen((event) => {
    events.push(event);
    onEvent?.(event);
  });
  try {
    await run();
  } finally {
    subscription.dispose();
  }
  return events;
}

/** The report that the last event brings. */
export function reportOf(events: readonly RunEvent[]): Report {
  const last = events.at(-1);
  assert.equal(last?.type, "report", JSON.stringify(last));
  return read(last.report) as Report;
}

/** Changes settings of the workspace; `undefined` takes one away. */
export async function configure(settings: Readonly<Record<string, unknown>>): Promise<void> {
  const configuration = vscode.workspace.getConfiguration("relationLens");
  for (const [name, value] of Object.entries(settings)) {
    await configuration.update(name, value, vscode.ConfigurationTarget.Workspace);
  }
}

/** Polls, since tabs and diagnostics follow what causes them. */
export async function eventually<T>(what: string, look: () => T | undefined | false): Promise<T> {
  for (const start = Date.now(); Date.now() - start < 5000;) {
    const seen = look();
    if (seen !== undefined && seen !== false) return seen;
    await wait(20);
  }
  throw new assert.AssertionError({ message: `never: ${what}` });
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Share of one core that a process used over some milliseconds; 0 for a process that is gone. Linux only. */
export async function cpuShare(pid: number, milliseconds: number): Promise<number> {
  const ticks = async () => {
    try {
      const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.split(" ") ?? [];
      return Number(fields[11]) + Number(fields[12]);
    } catch {
      return null;
    }
  };
  const before = await ticks();
  await wait(milliseconds);
  const after = await ticks();
  // The kernel counts in hundredths of a second.
  return before === null || after === null ? 0 : ((after - before) * 10) / milliseconds;
}
