import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { ModelDescription, WriteTwinOutcome, WriteTwinParams, WrittenTwin } from "../protocol/engine";
import { ProblemError, type ProblemKind } from "../protocol/problem";
import { TwinCoordinates } from "./analysis/twins/twinCoordinates";
import type { Hooks } from "./engine";
import { random } from "./linalg/random";
import { hubSettings } from "./models/hubSettings";
import { describeModel } from "./models/openModel";
import { findModel } from "./models/findModel";
import { compareLogProbabilities, promptLogits } from "./models/twinModelCheck";
import { writeTwinFiles } from "./models/twinModelFiles";
import { readTwinSource, writeTwinGraph, type TwinSource } from "./models/twinModel";
import { chooseModel, locateModel, type ModelChoice } from "./modelStore";
import { ProgressMeter } from "./progressMeter";

export const largestCondition = 1e6;
/** No language model comes near it. */
const largestHiddenSize = 65_536;

/**
 * Writes an equivalent twin of a model as a model of its own: f~ = T f and g~ = T^{-T} g, opens what was written, and
 * compares its log-probabilities with the original's. The folder appears whole or not at all.
 *
 * @throws Cancelled
 */
export async function writeTwin(params: WriteTwinParams, hooks: Hooks): Promise<WriteTwinOutcome> {
  const progress = new ProgressMeter(hooks, ["load", "forward", "write"]);
  try {
    checkCondition(params.condition);
    const out = resolve(params.out);
    await checkFolder(out);
    await progress.pause("load", 0, "opening the model");
    const choice = await locateModel(chooseModel(params.model, undefined, ""), {
      settings: hubSettings(),
      signal: hooks.signal,
      onDownload: (download) => progress.downloading(download),
    });
    const source = readTwinSource(choice.location);
    checkHiddenSize(params.hiddenSize, source, choice);
    await progress.pause("load", 1, "");
    return { ok: true, value: await writeFolder(params, out, choice, source, progress, hooks), problems: [] };
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problems: error.problems };
    if (isFileError(error)) return { ok: false, problems: notWritten(params.out, error.message).problems };
    throw error;
  }
}

/** Makes the folder beside its place, and moves it there when all is well. */
async function writeFolder(
  params: WriteTwinParams,
  out: string,
  choice: ModelChoice,
  source: TwinSource,
  progress: ProgressMeter,
  { signal }: Hooks,
): Promise<WrittenTwin> {
  const { hidden, vocabulary } = source;
  const { condition, seed, hiddenSize = hidden } = params;
  const { location, graphPath, dtype } = source;
  const prompts = checkPrompts(Math.min(vocabulary, location.config.vocabularySize ?? vocabulary), seed);
  const original = await promptLogits(location, prompts, signal);
  await progress.pause("forward", 0.5, "log-probabilities of the original");

  const draft = join(dirname(out), `.${basename(out)}.${randomBytes(6).toString("hex")}`);
  try {
    await mkdir(draft);
    await mkdir(dirname(join(draft, graphPath)), { recursive: true });
    const shape = { size: hiddenSize, condition, seed };
    await writeTwinGraph(source, (sample) => new TwinCoordinates(sample, shape), join(draft, graphPath), {
      signal,
      onProgress: (done, total) => progress.within("write", done / total, "weights"),
    });
    writeTwinFiles(location.folder, draft, {
      original: choice.id,
      originalHidden: hidden,
      originalNote: location.config.note,
      hiddenSize,
      condition,
      seed,
      graph: graphPath,
      merged: source.merged,
    });
    await progress.pause("write", 1, "");
    const twin = await promptLogits(findModel(draft), prompts, signal);
    const same = compareLogProbabilities(original, twin, dtype);
    if (!same.ok) {
      throw notEquivalent(`${same.name}, is ${same.value.toPrecision(3)} where at most ${same.tolerance} is allowed`);
    }
    await progress.pause("forward", 0.8, "checks of the twin");
    const description = await opened(draft, signal);
    signal.throwIfAborted();
    if (existsSync(out)) await rmdir(out);
    await rename(draft, out);
    await progress.pause("forward", 1, "");
    return {
      folder: out,
      file: join(out, graphPath),
      hiddenSize: description.hiddenSize,
      checks: [...description.checks, same],
    };
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** As every other model is opened; its messages would name a folder that is gone. */
async function opened(draft: string, signal: AbortSignal): Promise<ModelDescription> {
  try {
    return await describeModel(draft, { signal, provider: "cpu" });
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    throw notEquivalent(error.problems.map(({ message }) => message.replace(/\.$/, "")).join("; "));
  }
}

const notEquivalent = (reason: string) =>
  problem(
    "model",
    "twin-not-equivalent",
    `The twin is not the same model as closely as it must be: ${reason}.`,
    "Choose a smaller condition number, or the fp32 variant of the model.",
  );

const checkPromptCount = 5;
const checkPromptLength = 12;

/** Token ids from anywhere in the vocabulary: texts would need a tokeniser, which not every graph has. */
function checkPrompts(vocabulary: number, seed: number): number[][] {
  const draw = random(seed, "twin.prompts");
  return Array.from({ length: checkPromptCount }, () =>
    Array.from({ length: checkPromptLength }, () => draw.integer(vocabulary)),
  );
}

function checkCondition(condition: number): void {
  if (condition >= 1 && condition <= largestCondition) return;
  throw problem(
    "usage",
    "twin-condition",
    `The condition number ${condition} cannot be used.`,
    `Choose one from 1 to ${largestCondition}.`,
  );
}

function checkHiddenSize(wanted: number | undefined, { hidden }: TwinSource, { id }: ModelChoice): void {
  if (wanted === undefined) return;
  if (Number.isInteger(wanted) && wanted >= hidden && wanted <= largestHiddenSize) return;
  throw problem(
    "usage",
    "twin-hidden-size",
    `A twin of ${id} cannot have the hidden size ${wanted}: the model has ${hidden}, and a twin has at least as many.`,
    `Choose a whole number from ${hidden} to ${largestHiddenSize}.`,
  );
}

/** @throws ProblemError where the folder cannot be made */
async function checkFolder(out: string): Promise<void> {
  const found = await stat(out).catch(() => null);
  if (found !== null && (!found.isDirectory() || (await readdir(out)).length > 0)) {
    throw problem(
      "usage",
      "twin-folder-taken",
      `${out} is there already and not an empty folder.`,
      "Name a new folder.",
    );
  }
  const parent = await stat(dirname(out)).catch(() => null);
  if (parent?.isDirectory() !== true) {
    throw problem("usage", "twin-folder-place", `The folder ${dirname(out)} does not exist.`, "Create it first.");
  }
}

const isFileError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "code" in error && "syscall" in error;

const notWritten = (out: string, reason: string) =>
  problem(
    "usage",
    "twin-not-written",
    `The twin could not be written to ${out}: ${reason}.`,
    "Free some space, or name a folder that you may write to.",
  );

function problem(kind: ProblemKind, code: string, message: string, remedy: string): ProblemError {
  return new ProblemError([{ kind, code, severity: "error", message, remedy }]);
}
