import { resolve } from "node:path";
import { version } from "../../package.json";
import { parseRelation, readRelationFile } from "../formats/relationFile";
import type { AnalyzeOutcome, AnalyzeParams } from "../protocol/engine";
import { ProblemError } from "../protocol/problem";
import { sections, type LinearityFit, type Report } from "../protocol/report";
import { warmUp } from "./compute/workerPool";
import type { Hooks } from "./engine";
import { hubSettings } from "./models/hubSettings";
import { chooseModel, locateModel, ModelStore } from "./modelStore";
import { prepareStudy } from "./prepareStudy";
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

const store = new ModelStore();

/** Of the last analysis that ended well, with its model open; what is steered by hand. */
let last: { readonly study: Study; readonly fits: readonly LinearityFit[] } | null = null;

export function lastStudy(): typeof last {
  return last;
}

/** Twins of each family (linear-properties section 1). */
const defaultTwins = 20;

/**
 * Reads the relation, runs the model on its prompts and computes every section asked for.
 * Problems of the relation file and of the model are values; cancellation throws.
 *
 * @throws Cancelled
 */
export async function analyze(params: AnalyzeParams, hooks: Hooks): Promise<AnalyzeOutcome> {
  const file = resolve(params.file);
  const { relation, samplePositions, problems } =
    params.text === undefined ? await readRelationFile(file) : parseRelation(params.text, file);
  if (relation === null) return { ok: false, problems };

  const { settings } = params;
  const twins = settings.twins ?? defaultTwins;
  const clock = new Stopwatch();
  const progress = new ProgressMeter(hooks, [
    ...(["load", "tokenize", "forward", ...settings.only] as const),
    ...(twins > 0 ? (["twins"] as const) : []),
    "report",
  ]);
  const warnings = new WarningLog(["input", ...sections, "twins"]);
  const warnAs =
    (part: string): Study["warn"] =>
    (code, message, where) =>
      warnings.add(part, { code, message, where });
  last = null;
  warmUp();
  try {
    await progress.pause("load", 0, "opening the model");
    const choice = await locateModel(chooseModel(settings.model, relation.model, file), {
      settings: hubSettings(),
      signal: hooks.signal,
      onDownload: (download) => progress.downloading(download),
    });
    const open = await clock.measure("load", () => store.get(choice, { ...settings, signal: hooks.signal }));
    const prepared = await prepareStudy({
      relation,
      file,
      samplePositions,
      settings,
      open,
      clock,
      progress,
      hooks,
      warn: warnAs("input"),
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
        file: params.file,
      },
      model: {
        id: choice.id,
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

    const computed = await clock.measure("analyse", () =>
      computeSections(settings.only, {
        studyOf: (section) => ({
          ...study,
          warn: warnAs(section),
          pause: (done, detail) => progress.pause(section, done, detail),
        }),
        stage: (section, run) => clock.stage(section, run),
        onFigures: (section, partial) => progress.publish(section, partial),
      }),
    );
    const ranges =
      twins === 0
        ? null
        : await clock.measure("analyse", () =>
            clock.stage("twins", () =>
              twinTest(
                { study, recording: prepared.recording, figures: computed, only: settings.only },
                {
                  count: twins,
                  compute: study.compute,
                  onProgress: (done, total) => progress.within("twins", done / total, `twin ${done} of ${total}`),
                  warn: warnAs("twins"),
                },
              ),
            ),
          );
    const figures = ranges === null ? computed : withIdentifiable(computed, ranges);
    if (params.activations !== undefined) {
      const { tensors, metadata } = await activationTensors(study, figures.parallelism);
      await writeSafetensors(params.activations, tensors, metadata);
    }
    await progress.pause("report", 0, "");
    const report: Report = {
      ...base,
      ...figures,
      twins: ranges,
      comparison: null,
      summary: summarize({ prompts: base.prompts, ...figures }),
      warnings: warnings.all(),
      timing: { ...clock.seconds(), tokens: study.activations.tokens },
    };
    last = { study, fits: figures.linearity };
    return { ok: true, value: report, problems: [...problems, ...prepared.problems] };
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problems: [...problems, ...error.problems] };
    throw error;
  }
}
