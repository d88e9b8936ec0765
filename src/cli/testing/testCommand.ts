import type { Problem } from "../../protocol/problem";
import { readSettings, settingOptions } from "../analyzeOptions";
import type { LoadEngine } from "../engineApi";
import { exitStatus, UsageError, type ExitStatus, type Io } from "../io";
import { readOptions } from "../options";
import { checkOutputFile, writeOutputFile } from "../outputFile";
import { printProblems, shortPath, statusOf } from "../problemLines";
import { findRelationFiles, type NamedFile } from "./findRelationFiles";
import { junitXml } from "./junit";
import { testFile, type TestedFile, type TestRun } from "./testFile";
import { renderTested, renderTotal } from "./testLines";

/** `relation-lens test`. @throws UsageError */
export async function testCommand(
  argv: readonly string[],
  io: Io,
  loadEngine: LoadEngine,
  verbose: boolean,
): Promise<ExitStatus> {
  const { values, flags, positionals } = readOptions(argv, { ...settingOptions, compare: "value", junit: "value" });
  if (positionals.length === 0) {
    throw new UsageError("No relation file or folder is named.", "Name one, such as relation-lens test samples.");
  }
  const settings = readSettings({ values, flags });
  const junit = values.get("junit") ?? null;
  const files = await findRelationFiles(positionals, io.cwd);
  if (junit === "-")
    throw new UsageError("--junit writes a file beside the results.", "Name a file, such as junit.xml.");
  if (junit !== null) await checkOutputFile("--junit", junit, files.map(({ file }) => file), io.cwd); // prettier-ignore

  const started = performance.now();
  const engine = await loadEngine();
  const tested = await testAll(files, { engine, settings, compare: values.get("compare") ?? null, io, verbose });
  const seconds = (performance.now() - started) / 1000;
  if (tested.length === 0) {
    await printProblems([nothingExpected(files)], io);
    return exitStatus.input;
  }
  await io.out.write(renderTotal(tested, seconds));
  if (junit !== null) {
    await writeOutputFile("--junit", junit, junitXml(tested.map((file) => short(file, io)), seconds, new Date()), io.cwd); // prettier-ignore
    await io.err.write(`Results written to ${junit}\n`);
  }
  return statusOfAll(tested);
}

/** One after the other: the model stays open between them. */
async function testAll(files: readonly NamedFile[], run: TestRun): Promise<TestedFile[]> {
  const { io } = run;
  const done: TestedFile[] = [];
  const silent: string[] = [];
  for (const { file, named } of files) {
    const tested = await testFile(file, run);
    if (tested === null) {
      if (named) silent.push(shortPath(file, io.cwd));
      continue;
    }
    await printProblems(tested.problems, io);
    if (tested.model !== null) await io.out.write(renderTested(tested, io));
    done.push(tested);
  }
  if (silent.length > 0 && done.length > 0) await io.err.write(`Without an expect: ${silent.join(", ")}\n`);
  return done;
}

/** Paths as the command line shows them, so that CI finds the files where it has checked them out. */
const short = (tested: TestedFile, io: Io): TestedFile => ({ ...tested, file: shortPath(tested.file, io.cwd) });

/** What keeps files from being tested comes first: nothing is known of them. */
function statusOfAll(tested: readonly TestedFile[]): ExitStatus {
  const untested = tested.find(({ model }) => model === null);
  if (untested !== undefined) return statusOf(untested.problems) || exitStatus.internal;
  return tested.every(({ expectations }) => expectations.every(({ ok }) => ok)) ? exitStatus.done : exitStatus.failed;
}

function nothingExpected(files: readonly NamedFile[]): Problem {
  const [first] = files;
  return {
    kind: "input",
    code: "test-nothing-expected",
    severity: "error",
    message:
      files.length === 1 ? "The file expects nothing." : `None of ${files.length} relation files expects anything.`,
    remedy: 'Write under expect: what must hold, such as linearity.faithfulness: ">= 0.6".',
    ...(files.length === 1 && first !== undefined && { file: first.file }),
  };
}
