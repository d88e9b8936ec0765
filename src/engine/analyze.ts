import { basename, dirname, resolve } from "node:path";
import { textSha256 } from "../formats/fingerprint";
import { readTextFile } from "../formats/readTextFile";
import type { AnalyzeOutcome, AnalyzeParams } from "../protocol/engine";
import { ProblemError, type Problem } from "../protocol/problem";
import type { Report } from "../protocol/report";
import { compareModels } from "./comparison/compareModels";
import { comparisonProgress } from "./comparison/comparisonProgress";
import { warmUp } from "./compute/workerPool";
import { readPassages } from "./contexts/passages";
import { embeddedDefault } from "./embeddedModel";
import type { Hooks } from "./engine";
import { finishRun, startRun, type ModelRun, type ModelRunInput } from "./modelRun";
import { ModelStore } from "./modelStore";
import { withinReach } from "./reach";
import { readRelationSource } from "./relationSource";
import { restrict } from "./restrict";
import { reportedRanks, type MapRank } from "./sections/ranks";
import type { Study } from "./sections/study";

const store = new ModelStore();
/** The model that another is compared with. */
const otherStore = new ModelStore();

/** Of the last analysis that ended well, with its model open; what is steered by hand. */
let last: { readonly study: Study; readonly ranks: readonly MapRank[] } | null = null;

export function lastStudy(): typeof last {
  return last;
}

/**
 * Reads the relation, runs the model on its prompts and computes every section asked for; with a second model, the
 * same in both, and what they share.
 * Problems of the relation file and of the models are values; cancellation throws.
 *
 * @param aside not to be steered by hand; the analysis before it still is, while its model stays open
 * @throws Cancelled
 */
export function analyze(params: AnalyzeParams, hooks: Hooks, aside = false): Promise<AnalyzeOutcome> {
  const { restrictedTo } = params;
  const folders = restrictedTo === undefined ? null : [...restrictedTo, dirname(resolve(params.file))];
  return withinReach(folders, () => analyzeFile(params, hooks, aside));
}

async function analyzeFile(params: AnalyzeParams, hooks: Hooks, aside: boolean): Promise<AnalyzeOutcome> {
  const file = resolve(params.file);
  const { relation: written, problems: read, ...source } = await readRelationSource(params);
  if (written === null) return { ok: false, problems: read };
  const { settings, compare, activations } = params;
  const text = params.text ?? (await readTextFile(file)).text ?? "";
  const { relation, problems: refused } = await restrict(written, { file, text });
  const problems = [...read, ...refused];
  const input = { relation, file, namedFile: params.file, sha256: textSha256(text), ...source, settings };
  const { openings } = store;
  if (!aside) last = null;
  warmUp();
  try {
    const { run, report, found } =
      compare === undefined
        ? await analyzeOne({ ...input, store, hooks }, activations)
        : await analyzeBoth(input, compare, hooks, activations);
    if (!aside) last = { study: run.prepared.study, ranks: reportedRanks(report.linearity) };
    return { ok: true, value: report, problems: [...problems, ...found] };
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problems: [...problems, ...error.problems] };
    throw error;
  } finally {
    if (aside && store.openings !== openings) last = null;
  }
}

interface Analyzed {
  readonly run: ModelRun;
  readonly report: Report;
  readonly found: readonly Problem[];
}

async function analyzeOne(input: ModelRunInput, activations?: string): Promise<Analyzed> {
  await otherStore.release();
  const run = await startRun(input);
  return { run, report: await finishRun(run, activations), found: run.prepared.problems };
}

/** Both models are opened and run on the prompts before anything costly, so that what is wrong with one shows early. */
async function analyzeBoth(
  input: Omit<ModelRunInput, "store" | "hooks">,
  compare: string,
  hooks: Hooks,
  activations?: string,
): Promise<Analyzed> {
  const names = [input.settings.model ?? input.relation.model ?? embeddedDefault, compare].map((name) =>
    basename(name),
  );
  const progress = comparisonProgress(hooks, names[0] ?? "", names[1] ?? "");
  const passages = await readPassages(input.settings.contexts);
  const left = await startRun({ ...input, store, hooks: progress.left });
  const right = await startRun({
    ...input,
    settings: { ...input.settings, model: compare },
    store: otherStore,
    hooks: progress.right,
  }).catch((error: unknown) => {
    throw error instanceof ProblemError ? new ProblemError(error.problems.map(inModel(compare))) : error;
  });
  right.clock.pause();
  const report = await finishRun(left, activations);
  right.clock.resume();
  const other = await finishRun(right);
  const { comparison, warnings, tokens } = await left.clock.measure("analyse", () =>
    left.clock.stage("comparison", () =>
      compareModels(
        { study: left.prepared.study, report },
        { study: right.prepared.study, report: other },
        passages,
        progress.comparison,
      ),
    ),
  );
  return {
    run: left,
    report: {
      ...report,
      settings: { ...report.settings, compare },
      comparison,
      warnings: [...report.warnings, ...warnings],
      timing: { ...left.clock.seconds(), tokens: report.timing.tokens + tokens },
    },
    found: [...left.prepared.problems, ...right.prepared.problems.map(inModel(right.choice.id))],
  };
}

/** What is wrong with a relation in the other model. */
function inModel(model: string): (problem: Problem) => Problem {
  return (problem) =>
    problem.kind === "input" ? { ...problem, message: `In the model ${model}: ${problem.message}` } : problem;
}
