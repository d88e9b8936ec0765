import type { LoadEngine } from "./engineApi";
import { untilInterrupted } from "./engineApi";
import { exitStatus, type ExitStatus, type Io } from "./io";
import { readOriginsOptions } from "./originsOptions";
import { OriginsProgress } from "./originsProgress";
import { renderOrigins } from "./originsSummary";
import { checkOutputFile, writeOutputFile } from "./outputFile";
import { printProblems, statusOf } from "./problemLines";
import { reportText } from "./reportText";

/** `relation-lens origins`. @throws UsageError */
export async function originsCommand(argv: readonly string[], io: Io, loadEngine: LoadEngine): Promise<ExitStatus> {
  const { settings, out } = readOriginsOptions(argv);
  if (out !== null && out !== "-") await checkOutputFile("--out", out, [], io.cwd);

  const engine = await loadEngine();
  const progress = new OriginsProgress(io.err, settings.runs);
  const work = engine.simulate(
    { settings },
    { signal: io.signal, onCheckpoint: (checkpoint, fraction) => progress.show(checkpoint, fraction) },
  );
  const outcome = await untilInterrupted(work, io.signal).finally(() => progress.clear());
  await printProblems(outcome.problems, io);
  if (!outcome.ok) return statusOf(outcome.problems) || exitStatus.internal;
  const report = outcome.value;
  if (out === "-") {
    await io.out.write(reportText(report));
    return exitStatus.done;
  }
  if (out !== null) {
    await writeOutputFile("--out", out, reportText(report), io.cwd);
    await io.err.write(`Report written to ${out}\n`);
    return exitStatus.done;
  }
  await io.out.write(renderOrigins(report, io.out.colour));
  return exitStatus.done;
}
