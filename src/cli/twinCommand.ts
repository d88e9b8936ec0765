import { resolve } from "node:path";
import type { EngineHooks, LoadEngine } from "./engineApi";
import { exitStatus, UsageError, type ExitStatus, type Io } from "./io";
import { logTo } from "./logLines";
import { checkLine } from "./modelSummary";
import { readOptions } from "./options";
import { printProblems, shortPath, statusOf } from "./problemLines";
import { ProgressLine } from "./progressLine";

const largestSeed = 0xffffffff;
const largestCondition = 1e6;

/** `relation-lens twin`. @throws UsageError */
export async function twinCommand(argv: readonly string[], io: Io, loadEngine: LoadEngine): Promise<ExitStatus> {
  const { values, positionals, flags } = readOptions(argv, {
    out: "value",
    "hidden-size": "value",
    condition: "value",
    seed: "value",
  });
  const [model, another] = positionals;
  if (model === undefined) throw new UsageError("No model is named.", "Name its folder or its .onnx file.");
  if (another !== undefined) throw new UsageError(`${another} is one model too many.`, "Name one model.");
  const out = values.get("out");
  if (out === undefined) throw new UsageError("No folder is named to write to.", "Write --out FOLDER.");
  const hiddenSize = values.get("hidden-size");
  const params = {
    model,
    out: resolve(io.cwd, out),
    ...(hiddenSize === undefined ? {} : { hiddenSize: wholeNumber("hidden-size", hiddenSize, 1, 65_536) }),
    condition: readCondition(values.get("condition")),
    seed: wholeNumber("seed", values.get("seed") ?? "0", 0, largestSeed),
  };

  const engine = await loadEngine();
  const progress = new ProgressLine(io.err, model);
  const hooks: EngineHooks = {
    signal: io.signal,
    onProgress: (step) => progress.show(step),
    onLog: logTo(io, flags.has("verbose")),
  };
  // Not given up after a while, as other commands are: an interrupted twin takes what it has written away.
  const outcome = await engine.writeTwin(params, hooks).finally(() => progress.clear());
  await printProblems(outcome.problems, io);
  if (!outcome.ok) return statusOf(outcome.problems) || exitStatus.model;
  const { folder, hiddenSize: size, checks } = outcome.value;
  const lines = [
    shortPath(folder, io.cwd),
    `  hidden size     ${size}`,
    "checks",
    ...checks.map((check) => checkLine(check, io.out.colour)),
  ];
  await io.out.write(`${lines.join("\n")}\n`);
  return exitStatus.done;
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`--${option} ${text} cannot be used.`, `Write a whole number from ${least} to ${most}.`);
}

function readCondition(text = "100"): number {
  const value = /^\d+(\.\d+)?(e\d+)?$/i.test(text) ? Number(text) : NaN;
  if (value >= 1 && value <= largestCondition) return value;
  throw new UsageError(
    `--condition ${text} is not a condition number.`,
    `Write a number from 1 to ${largestCondition}.`,
  );
}
