import { resolve } from "node:path";
import { reportText } from "./reportText";
import { readAnalyzeOptions } from "./analyzeOptions";
import { untilInterrupted, type EngineHooks, type LoadEngine } from "./engineApi";
import { exitStatus, UsageError, type ExitStatus, type Io } from "./io";
import { logTo } from "./logLines";
import { checkOutputFile, writeOutputFile } from "./outputFile";
import { printProblems, statusOf } from "./problemLines";
import { ProgressLine } from "./progressLine";
import { renderRelations } from "./relationsSummary";

/** Options of `analyze` that have no meaning here. */
const refused = ["only", "html", "activations", "jacobian", "compare", "contexts", "subjects", "slot", "list"];

/** `relation-lens relations`. @throws UsageError */
export async function relationsCommand(
  argv: readonly string[],
  io: Io,
  loadEngine: LoadEngine,
  verbose: boolean,
): Promise<ExitStatus> {
  const other = refused.find((name) => argv.some((word) => word === `--${name}` || word.startsWith(`--${name}=`)));
  if (other !== undefined) throw new UsageError(`relations has no option --${other}.`, "Leave it out.");
  const { files, settings, out } = readAnalyzeOptions(argv);
  if (files.length < 2) {
    throw new UsageError("Comparing relations needs two relation files or more.", "Name another relation file.");
  }
  if (out !== null && out !== "-") await checkOutputFile("--out", out, files, io.cwd);

  const engine = await loadEngine();
  const progress = new ProgressLine(io.err, `${files.length} relations`);
  const hooks: EngineHooks = {
    signal: io.signal,
    onProgress: (step) => progress.show(step),
    onLog: logTo(io, verbose),
  };
  const params = { files: files.map((file) => resolve(io.cwd, file)), settings };
  const outcome = await untilInterrupted(engine.compareRelations(params, hooks), io.signal).finally(() =>
    progress.clear(),
  );
  await printProblems(outcome.problems, io);
  if (!outcome.ok) return statusOf(outcome.problems) || exitStatus.internal;
  const report = {
    ...outcome.value,
    relations: outcome.value.relations.map((relation, i) => ({ ...relation, file: files[i] ?? relation.file })),
  };
  if (out === null) await io.out.write(renderRelations(report, io.out.colour));
  else if (out === "-") await io.out.write(reportText(report));
  else {
    await writeOutputFile("--out", out, reportText(report), io.cwd);
    await io.err.write(`Report written to ${out}\n`);
  }
  return exitStatus.done;
}
