import { version } from "../../package.json";
import { modelFingerprint } from "../formats/fingerprint";
import type { AnalyzeSettings } from "../protocol/engine";
import type { Position } from "../protocol/problem";
import type { Relation } from "../protocol/relation";
import { sections, type Report } from "../protocol/report";
import type { Hooks } from "./engine";
import { hubSettings } from "./models/hubSettings";
import { chooseModel, locateModel, type ModelChoice, type ModelStore, type OpenModel } from "./modelStore";
import { prepareStudy, type Prepared } from "./prepareStudy";
import { ProgressMeter } from "./progressMeter";
import { activationTensors } from "./report/activations";
import { withIdentifiable } from "./report/identifiable";
import { promptResults } from "./report/promptResults";
import { writeSafetensors } from "./report/safetensors";
import { summarize } from "./report/summary";
import { computeSections } from "./sections/computeSections";
import type { Study } from "./sections/study";
import { Stopwatch } from "./stopwatch";
import { twinTest } from "./twins/twinTest";
import { WarningLog } from "./warningLog";

export interface ModelRunInput {
  readonly relation: Relation;
  /** Path of the relation file, absolute, and as the report names it. */
  readonly file: string;
  readonly namedFile: string;
  /** Of its text. */
  readonly sha256: string;
  /** In which the samples are written, and where in it. */
  readonly samplesFile: string;
  readonly samplePositions: readonly Position[];
  /** Where the samples come from, where not from the file. */
  readonly subjects: string | null;
  readonly settings: AnalyzeSettings;
  readonly store: ModelStore;
  readonly hooks: Hooks;
}

/** One model with the relation's prompts run, on the way to a report. */
export interface ModelRun {
  readonly input: ModelRunInput;
  readonly choice: ModelChoice;
  readonly open: OpenModel;
  readonly prepared: Prepared;
  readonly base: Pick<Report, "schemaVersion" | "relation" | "model" | "settings" | "prompts">;
  readonly clock: Stopwatch;
  readonly progress: ProgressMeter;
  readonly warnings: WarningLog;
}

/** Twins of each family (linear-properties section 1). */
const defaultTwins = 20;

/**
 * Opens the model and runs it on the relation's prompts.
 * @throws ProblemError where the model or the file cannot be used
 * @throws Cancelled
 */
export async function startRun(input: ModelRunInput): Promise<ModelRun> {
  const { relation, file, samplesFile, samplePositions, settings, store, hooks } = input;
  const twins = settings.twins ?? defaultTwins;
  const clock = new Stopwatch();
  const progress = new ProgressMeter(hooks, [
    ...(["load", "tokenize", "forward", ...settings.only] as const),
    ...(twins > 0 ? (["twins"] as const) : []),
    "report",
  ]);
  const warnings = new WarningLog(["input", ...sections, "twins"]);
  await progress.pause("load", 0, "opening the model");
  const choice = await locateModel(chooseModel(settings.model, relation.model, file), {
    settings: hubSettings(),
    signal: hooks.signal,
    onDownload: (download) => progress.downloading(download),
  });
  const open = await clock.measure("load", () => store.get(choice, { ...settings, signal: hooks.signal }));
  const warn = warnAs(warnings, "input");
  const prepared = await prepareStudy({
    relation,
    file,
    samplesFile,
    samplePositions,
    settings,
    open,
    clock,
    progress,
    hooks,
    warn,
  });
  const { study } = prepared;
  const { description, unembedding, note } = study.model;
  const base = {
    schemaVersion: 1,
    relation: {
      name: relation.name,
      templates: relation.templates,
      samples: relation.samples.map(({ subject, object, label }) => ({
        subject,
        object: object ?? null,
        label: label ?? null,
      })),
      file: input.namedFile,
      ...(input.subjects !== null && { subjects: input.subjects }),
      sha256: input.sha256,
      ...(relation.expect !== undefined && { expect: relation.expect }),
    },
    model: {
      id: choice.id,
      file: description.file,
      fingerprint: await modelFingerprint(description.file),
      hiddenSize: description.hiddenSize,
      vocabularySize: description.vocabularySize,
      layers: description.layers,
      dtype: description.dtype,
      checks: description.checks,
      excludedTokens: unembedding.excluded.length,
      unembeddingRank: open.geometry.rank,
      note,
    },
    settings: { ...settings, twins, model: settings.model ?? choice.id, version },
    prompts: promptResults(study, prepared.wholeAnswers),
  } as const;
  progress.publish("forward", base);
  return { input, choice, open, prepared, base, clock, progress, warnings };
}

/**
 * Computes every section asked for, and the twin test.
 * @param activations where to write the activations behind the figures
 * @throws ProblemError where they cannot be written
 * @throws Cancelled
 */
export async function finishRun(run: ModelRun, activations?: string): Promise<Report> {
  const { base, clock, progress, warnings, input } = run;
  const { study, recording } = run.prepared;
  const { only } = input.settings;
  const { twins } = base.settings;
  const computed = await clock.measure("analyse", () =>
    computeSections(only, {
      studyOf: (section) => ({
        ...study,
        warn: warnAs(warnings, section),
        pause: (done, detail) => progress.pause(section, done, detail),
      }),
      stage: (section, compute) => clock.stage(section, compute),
      onFigures: (section, partial) => progress.publish(section, partial),
    }),
  );
  const ranges =
    twins === 0
      ? null
      : await clock.measure("analyse", () =>
          clock.stage("twins", () =>
            twinTest(
              { study, recording, figures: computed, only },
              {
                count: twins,
                compute: study.compute,
                onProgress: (done, total) => progress.within("twins", done / total, `twin ${done} of ${total}`),
                warn: warnAs(warnings, "twins"),
              },
            ),
          ),
        );
  const figures = ranges === null ? computed : withIdentifiable(computed, ranges);
  if (activations !== undefined) {
    const { tensors, metadata } = await activationTensors(study, figures.parallelism);
    await writeSafetensors(activations, tensors, metadata);
  }
  await progress.pause("report", 0, "");
  return {
    ...base,
    ...figures,
    twins: ranges,
    comparison: null,
    summary: summarize({ prompts: base.prompts, ...figures }),
    warnings: warnings.all(),
    timing: { ...clock.seconds(), tokens: study.activations.tokens },
  };
}

function warnAs(warnings: WarningLog, part: string): Study["warn"] {
  return (code, message, where) => warnings.add(part, { code, message, where });
}
