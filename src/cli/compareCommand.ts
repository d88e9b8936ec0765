import { resolve } from "node:path";
import { untilInterrupted, type LoadEngine } from "./engineApi";
import { exitStatus, UsageError, type ExitStatus, type Io } from "./io";
import { readOptions } from "./options";
import { checkOutputFile } from "./outputFile";
import { printProblems, statusOf } from "./problemLines";
import { renderSummary } from "./summary";
import { writePage, writeReports } from "./writeReports";

/** `relation-lens compare`: two saved reports. @throws UsageError */
export async function compareCommand(argv: readonly string[], io: Io, loadEngine: LoadEngine): Promise<ExitStatus> {
  const { values, positionals } = readOptions(argv, { out: "value", html: "value" });
  const [left, right, third] = positionals;
  if (left === undefined || right === undefined || third !== undefined) {
    throw new UsageError(
      `${positionals.length === 1 ? "One report is" : `${positionals.length} reports are`} named.`,
      "Name two, such as left.json right.json.",
    );
  }
  const out = values.get("out") ?? null;
  const html = values.get("html") ?? null;
  if (html === "-") throw new UsageError("--html writes a page and needs a file.", "Name a file, such as report.html.");
  if (out !== null && out !== "-") await checkOutputFile("--out", out, [left, right], io.cwd);
  if (html !== null) await checkOutputFile("--html", html, [left, right], io.cwd);

  const engine = await loadEngine();
  const outcome = await untilInterrupted(
    engine.compareReports({ left: resolve(io.cwd, left), right: resolve(io.cwd, right) }),
    io.signal,
  );
  await printProblems(outcome.problems, io);
  if (!outcome.ok) return statusOf(outcome.problems) || exitStatus.internal;
  if (html !== null) await writePage(html, outcome.value, io);
  if (out === null) await io.out.write(renderSummary(outcome.value, io.out.colour));
  else await writeReports(out, outcome.value, io);
  return exitStatus.done;
}
