import { basename, resolve } from "node:path";
import { readRelationSource } from "../engine/relationSource";
import type { AnalyzeParams } from "../protocol/engine";
import type { Problem } from "../protocol/problem";
import type { Report } from "../protocol/report";
import { readAnalyzeOptions } from "./analyzeOptions";
import { untilInterrupted, type EngineApi, type LoadEngine } from "./engineApi";
import { exitStatus, type ExitStatus, type Io } from "./io";
import { logTo } from "./logLines";
import { checkOutputFile } from "./outputFile";
import { printProblems, statusOf } from "./problemLines";
import { ProgressLine } from "./progressLine";
import { checkExports, writeExports } from "./reportExports";
import { readSubjects } from "./subjectsOption";
import { writePage, writeReports } from "./writeReports";
import { renderSummary } from "./summary";

/** `relation-lens analyze`. @throws UsageError */
export async function analyzeCommand(
  argv: readonly string[],
  io: Io,
  loadEngine: LoadEngine,
  verbose: boolean,
): Promise<ExitStatus> {
  const { files, settings, compare, out, html, activations, exports, choice, ...options } = readAnalyzeOptions(argv);
  if (out !== null && out !== "-") await checkOutputFile("--out", out, files, io.cwd);
  if (html !== null) await checkOutputFile("--html", html, files, io.cwd);
  if (activations !== null) await checkOutputFile("--activations", activations, files, io.cwd);
  await checkExports(exports, files, io.cwd);

  const shown = new Set<string>();
  const source = { choice, ...(options.subjects !== null && { subjects: readSubjects(options.subjects, io.cwd) }) };
  const inputs = await Promise.all(files.map((file) => readRelationSource({ file: resolve(io.cwd, file), ...source })));
  const problems = inputs.flatMap((input) => input.problems);
  await showOnce(problems, shown, io);
  if (statusOf(problems) !== exitStatus.done) return statusOf(problems);

  const engine = await loadEngine();
  const reports: Report[] = [];
  let status: ExitStatus = exitStatus.done;
  for (const file of files) {
    const params = {
      file,
      settings,
      ...source,
      ...(compare !== null && { compare }),
      ...(activations !== null && { activations: resolve(io.cwd, activations) }),
    };
    const result = await analyzeOne(engine, params, io, verbose, shown);
    if (result.status !== exitStatus.done) status = result.status;
    if (result.report === null) {
      if (status === exitStatus.input) continue;
      break;
    }
    reports.push(result.report);
    if (html !== null) await writePage(html, result.report, io);
    await writeExports(exports, result.report, io);
    if (out === null) await io.out.write(renderSummary(result.report, io.out.colour));
  }
  if (out !== null && reports.length > 0) await writeReports(out, files.length === 1 ? reports[0] : reports, io);
  return status;
}

async function analyzeOne(
  engine: EngineApi,
  params: AnalyzeParams,
  io: Io,
  verbose: boolean,
  shown: Set<string>,
): Promise<{ report: Report | null; status: ExitStatus }> {
  const progress = new ProgressLine(io.err, basename(params.file));
  const hooks = {
    signal: io.signal,
    onProgress: (step: Parameters<ProgressLine["show"]>[0]) => progress.show(step),
    onLog: logTo(io, verbose),
  };
  const outcome = await untilInterrupted(engine.analyze(params, hooks), io.signal).finally(() => progress.clear());
  await showOnce(outcome.problems, shown, io);
  if (!outcome.ok) return { report: null, status: statusOf(outcome.problems) || exitStatus.internal };
  const report = outcome.value;
  if (hasFigures(report)) return { report, status: exitStatus.done };
  await printProblems([nothingComputed(params.file)], io);
  return { report, status: exitStatus.input };
}

/** Whether the report has a figure beyond what the model says to the prompts. */
function hasFigures({ parallelism, linearity, probes, subspaces }: Report): boolean {
  const maps = [parallelism?.distributional, parallelism?.causal, parallelism?.euclidean];
  const fits = linearity.filter(({ r2Logit, faithfulness }) => r2Logit !== null || faithfulness !== null);
  return maps.some((map) => map != null) || fits.length > 0 || probes.length > 0 || subspaces.length > 0;
}

function nothingComputed(file: string): Problem {
  return {
    kind: "input",
    code: "relation-no-figures",
    severity: "error",
    message: "No figure could be computed from this relation; the report's warnings say why.",
    remedy: "Add samples, at least 3 and better 20, whose objects are words of the model.",
    file,
  };
}

/** Prints problems that were not printed before: the engine reads the file again. */
async function showOnce(problems: readonly Problem[], shown: Set<string>, io: Io): Promise<void> {
  const fresh = problems.filter(({ code, file, position, message }) => {
    const key = JSON.stringify([
      code,
      file === undefined ? "" : resolve(io.cwd, file),
      position?.line,
      position?.column,
      message,
    ]);
    return !shown.has(key) && shown.add(key);
  });
  if (fresh.length > 0) await printProblems(fresh, io);
}
