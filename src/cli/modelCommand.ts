import type { EngineHooks, LoadEngine } from "./engineApi";
import { untilInterrupted } from "./engineApi";
import { executionOptions, readExecution } from "./executionOptions";
import { exitStatus, UsageError, type ExitStatus, type Io } from "./io";
import { logTo } from "./logLines";
import { renderModel } from "./modelSummary";
import { readOptions } from "./options";
import { printProblems, statusOf } from "./problemLines";
import { ProgressLine } from "./progressLine";
import { reportText } from "./reportText";

/** `relation-lens model`. @throws UsageError */
export async function modelCommand(argv: readonly string[], io: Io, loadEngine: LoadEngine): Promise<ExitStatus> {
  const { values, positionals, flags } = readOptions(argv, { json: "flag", ...executionOptions });
  const [model, another] = positionals;
  if (model === undefined) throw new UsageError("No model is named.", "Name its folder or its .onnx file.");
  if (another !== undefined) throw new UsageError(`${another} is one model too many.`, "Name one model.");

  const params = { model, ...readExecution(values) };

  const engine = await loadEngine();
  const progress = new ProgressLine(io.err, model);
  const hooks: EngineHooks = {
    signal: io.signal,
    onProgress: (step) => {
      if (step.download !== undefined) progress.show(step);
    },
    onLog: logTo(io, flags.has("verbose")),
  };
  const outcome = await untilInterrupted(engine.describe(params, hooks), io.signal).finally(() => progress.clear());
  await printProblems(outcome.problems, io);
  if (!outcome.ok) return statusOf(outcome.problems) || exitStatus.model;
  const description = outcome.value;
  await io.out.write(flags.has("json") ? reportText(description) : renderModel(description, io.out.colour));
  return description.checks.every(({ ok }) => ok) ? exitStatus.done : exitStatus.model;
}
