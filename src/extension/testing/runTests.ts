import * as vscode from "vscode";
import { expectationNeeds } from "../../formats/expectations/expectationNeeds";
import type { Assessment } from "../../protocol/engine";
import type { Problem } from "../../protocol/problem";
import type { Assessments } from "../assessments";
import type { Ended } from "../engineJobs";
import { analyzeSettings } from "../settings";

/** Checks the expectations that are asked for, a file at a time, without a panel. */
export async function runTests(
  request: vscode.TestRunRequest,
  token: vscode.CancellationToken,
  controller: vscode.TestController,
  assessments: Assessments,
): Promise<void> {
  const run = controller.createTestRun(request);
  const files = chosen(request, controller);
  for (const { tests } of files) for (const test of tests) run.enqueued(test);
  try {
    for (const { uri, tests } of files) {
      if (token.isCancellationRequested || run.token.isCancellationRequested) {
        for (const test of tests) run.skipped(test);
        continue;
      }
      await runFile(uri, tests, run, assessments);
    }
  } finally {
    run.end();
  }
}

interface ChosenFile {
  readonly uri: vscode.Uri;
  readonly tests: readonly vscode.TestItem[];
}

/** The expectations to check, by file. */
function chosen({ include, exclude = [] }: vscode.TestRunRequest, controller: vscode.TestController): ChosenFile[] {
  const all = [...controller.items].map(([, item]) => item);
  return all.flatMap((file) => {
    const own = [...file.children].map(([, item]) => item);
    const isIn = (items: readonly vscode.TestItem[]) => (test: vscode.TestItem) =>
      items.includes(test) || items.includes(file);
    const tests = own.filter((test) => (include === undefined || isIn(include)(test)) && !isIn(exclude)(test));
    return file.uri === undefined || tests.length === 0 ? [] : [{ uri: file.uri, tests }];
  });
}

async function runFile(
  uri: vscode.Uri,
  tests: readonly vscode.TestItem[],
  run: vscode.TestRun,
  assessments: Assessments,
): Promise<void> {
  for (const test of tests) run.started(test);
  const started = performance.now();
  const { sections, twins } = expectationNeeds(tests.map(({ id }) => id));
  const settings = { only: sections, twins: twins ? (analyzeSettings(uri).twins ?? 0) : 0 };
  const ended = await assessments.assess(uri, { settings }, run.token);
  // All expectations of a file share its one analysis.
  const duration = (performance.now() - started) / tests.length;
  const tell = (line: string, test?: vscode.TestItem) =>
    run.appendOutput(`${line.replaceAll(/\r?\n/g, "\r\n")}\r\n`, undefined, test);
  switch (ended.type) {
    case "done":
      tellOf(ended, uri, tell);
      for (const test of tests) settle(test, ended.value, run, duration, tell);
      return;
    case "problems":
    case "crashed":
      for (const problem of ended.problems) tell(`${problem.message} ${problem.remedy}`);
      for (const test of tests) run.errored(test, ended.problems.filter(isError).map((problem) => toMessage(problem, test)), duration); // prettier-ignore
      return;
    case "cancelled":
      if (!run.token.isCancellationRequested) tell(vscode.l10n.t("{0}: another analysis took the engine; run the tests again.", vscode.workspace.asRelativePath(uri))); // prettier-ignore
      for (const test of tests) run.skipped(test);
  }
}

type Tell = (line: string, test?: vscode.TestItem) => void;

function tellOf({ value, problems }: Extract<Ended<Assessment>, { type: "done" }>, uri: vscode.Uri, tell: Tell): void {
  tell(vscode.l10n.t("{0} in {1}, seed {2}", vscode.workspace.asRelativePath(uri), value.model, value.seed));
  for (const sentence of value.digest.headline) tell(`  ${sentence}`);
  for (const { message, remedy } of problems) tell(`  ${message} ${remedy}`);
}

function settle(
  test: vscode.TestItem,
  { digest }: Assessment,
  run: vscode.TestRun,
  duration: number,
  tell: Tell,
): void {
  const result = digest.expectations.find(({ path }) => path === test.id);
  if (result === undefined) {
    // The text has changed since the items were made.
    run.skipped(test);
    return;
  }
  const { path, expected, found, ok, message } = result;
  const shown = found ?? vscode.l10n.t("nothing");
  if (ok) {
    tell(vscode.l10n.t("  holds: {0}: expected {1}, found {2}", path, expected, shown), test);
    run.passed(test, duration);
    return;
  }
  tell(vscode.l10n.t("  fails: {0}: expected {1}, found {2}", path, expected, shown), test);
  // A sentence with both: the editor would write the two side by side as "1 != >= 2".
  const failure = new vscode.TestMessage(message ?? "");
  const location = locationOf(test);
  if (location !== undefined) failure.location = location;
  run.failed(test, failure, duration);
}

const isError = ({ severity }: Problem) => severity === "error";

/** At the problem's own place in a file; else at the expectation. */
function toMessage({ message, remedy, file, position }: Problem, test: vscode.TestItem): vscode.TestMessage {
  const told = new vscode.TestMessage(`${message} ${remedy}`);
  const location =
    file === undefined || position === undefined
      ? locationOf(test)
      : new vscode.Location(vscode.Uri.file(file), new vscode.Position(position.line - 1, position.column - 1));
  if (location !== undefined) told.location = location;
  return told;
}

function locationOf({ uri, range }: vscode.TestItem): vscode.Location | undefined {
  return uri === undefined || range === undefined ? undefined : new vscode.Location(uri, range);
}
