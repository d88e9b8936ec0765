import { resolve } from "node:path";
import type {
  AnalyzeOutcome,
  AnalyzeParams,
  LogNotification,
  ModelOutcome,
  ModelParams,
  ModelsOutcome,
  ModelsParams,
  Progress,
} from "../protocol/engine";
import { ProblemError, type Position, type Problem } from "../protocol/problem";
import type { Report, Section } from "../protocol/report";
import { parseRelation, readRelationFile } from "../formats/relationFile";
import { version } from "../../package.json";
import { embeddedModelFolders } from "./embeddedModel";
import { chooseModel, locateModel, ModelStore } from "./modelStore";
import { findModels } from "./models/findModels";
import { formatHubId, parseHubId } from "./models/hubId";
import { hubVariants } from "./models/hubModel";
import { hubSettings } from "./models/hubSettings";
import { describeModel } from "./models/openModel";
import { buildPrompts, runPrompts } from "./prompts/promptSet";
import { activationTensors } from "./report/activations";
import { promptResults } from "./report/promptResults";
import { writeSafetensors } from "./report/safetensors";
import { summarize } from "./report/summary";
import {
  collisionCode,
  describeCollision,
  findCollisions,
  readAnswers,
  TemplateLogits,
  type Collision,
} from "./sections/answers";
import { linearitySection } from "./sections/linearity";
import { parallelismSection } from "./sections/parallelism";
import { probesSection } from "./sections/probes";
import type { Study } from "./sections/study";
import { subspacesSection } from "./sections/subspaces";
import { ProgressMeter } from "./progressMeter";
import { Stopwatch } from "./stopwatch";

export interface Hooks {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  readonly onLog?: (level: LogNotification["level"], message: string) => void;
}

const store = new ModelStore();

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
  const clock = new Stopwatch();
  const progress = new ProgressMeter(hooks, settings.only);
  try {
    await progress.enter("load", "opening the model");
    const choice = await locateModel(chooseModel(settings.model, relation.model, file), {
      settings: hubSettings(),
      signal: hooks.signal,
      onDownload: (download) => progress.downloading(download),
    });
    const { model, geometry } = await clock.measure("load", () =>
      store.get(choice, { ...settings, signal: hooks.signal }),
    );
    const layers = selectLayers(settings.layers, model.description.layers);

    await progress.enter("tokenize", "");
    const set = await clock.measure("tokenize", () => buildPrompts(relation, model));

    const collisions = findCollisions(set, relation, model);
    const found = [...problems, ...collisions.map((collision) => collisionProblem(collision, file, samplePositions))];
    if (collisions.some(({ only }) => only)) return { ok: false, problems: found };

    await progress.enter("forward", `${set.prompts.length} prompts`);
    const activations = await clock.measure("forward", () =>
      runPrompts(
        set.prompts.map(({ tokens }) => tokens),
        model,
        {
          layers,
          signal: hooks.signal,
          onProgress: (done, total) => progress.within(done / total, `prompt ${done} of ${total}`),
        },
      ),
    );

    const warnings: Report["warnings"][number][] = [];
    const warn: Study["warn"] = (code, message, where) => {
      if (!warnings.some((other) => other.code === code && other.message === message)) {
        warnings.push({ code, message, where });
      }
    };
    const { providerFallback } = model.description;
    if (providerFallback !== undefined) warn("provider-fallback", providerFallback, "settings.provider");
    const logits = new TemplateLogits(model, activations.f, set);
    const answers = await clock.measure("forward", () =>
      readAnswers(set, model, logits, collisions, hooks.signal, warn),
    );
    const study: Study = {
      relation,
      model,
      geometry,
      set,
      activations,
      readouts: answers.readouts,
      layers,
      seed: settings.seed,
      signal: hooks.signal,
      logitsOf: (template) => logits.of(template),
      warn,
      pause: (done, detail) => progress.pause(done, detail),
    };

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
        hiddenSize: model.description.hiddenSize,
        vocabularySize: model.description.vocabularySize,
        layers: model.description.layers,
        dtype: model.description.dtype,
        checks: model.description.checks,
        excludedTokens: model.unembedding.excluded.length,
        unembeddingRank: geometry.rank,
        note: model.note,
      },
      settings: { ...settings, model: settings.model ?? choice.id, version },
      prompts: promptResults(study, answers.wholeAnswers),
    } as const;
    progress.publish(base);

    const wants = (section: Section) => settings.only.includes(section);
    const section = async <T>(name: Section, run: () => Promise<T>, none: T): Promise<T> => {
      if (!wants(name)) return none;
      await progress.enter(name, "");
      const value = await clock.measure("analyse", run);
      progress.publish({ [name]: value });
      return value;
    };
    const parallelism = await section("parallelism", () => parallelismSection(study), null);
    const linearity = await section("linearity", () => linearitySection(study), []);
    const subspaces = await section("subspaces", () => subspacesSection(study, linearity), []);
    const probes = await section("probes", () => probesSection(study), []);

    if (params.activations !== undefined) {
      const { tensors, metadata } = await activationTensors(study, parallelism);
      await writeSafetensors(params.activations, tensors, metadata);
    }
    warn(
      "not-computed",
      "Not computed in this version: the causality of linear maps, and whether equivalent models share a figure.",
      "report",
    );
    await progress.enter("report", "");
    const figures = { prompts: base.prompts, parallelism, linearity, probes, subspaces };
    const report: Report = {
      ...base,
      ...figures,
      summary: summarize(figures),
      warnings,
      timing: { ...clock.seconds(), tokens: activations.tokens },
    };
    return { ok: true, value: report, problems: found };
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problems: [...problems, ...error.problems] };
    throw error;
  }
}

/** What the loader found in a model, and its checks. */
export async function describe(params: ModelParams, hooks: Hooks): Promise<ModelOutcome> {
  const progress = new ProgressMeter(hooks, []);
  try {
    hooks.signal.throwIfAborted();
    const choice = await locateModel(chooseModel(params.model, undefined, ""), {
      settings: hubSettings(),
      signal: hooks.signal,
      onDownload: (download) => progress.downloading(download),
    });
    return { ok: true, value: { ...(await describeModel(choice.location)), id: choice.id }, problems: [] };
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problems: error.problems };
    throw error;
  }
}

/** The models that can be chosen: on this machine, and the one of the hub that is asked about. */
export async function models(params: ModelsParams, hooks: Hooks): Promise<ModelsOutcome> {
  const settings = hubSettings();
  const here = findModels({
    embedded: embeddedModelFolders(),
    workspaceFolders: params.workspaceFolders.map((folder) => resolve(folder)),
    cache: settings.cache,
  });
  const hubId = params.hubId === undefined ? null : parseHubId(params.hubId);
  try {
    if (params.hubId !== undefined && hubId === null) throw notHubId(params.hubId);
    if (hubId === null) return { ok: true, value: here, problems: [] };
    const id = formatHubId(hubId);
    const variants = await hubVariants(hubId, { settings, signal: hooks.signal });
    return { ok: true, value: [...here, { id, origin: "hub", location: id, variants }], problems: [] };
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problems: error.problems };
    throw error;
  }
}

function notHubId(text: string): ProblemError {
  return new ProblemError([
    {
      kind: "usage",
      code: "hub-id",
      severity: "error",
      message: `${text} is not the name of a model on the hub.`,
      remedy: "Write owner/name, with @revision or :variant where needed.",
    },
  ]);
}

/** A warning, unless no two answers are left to tell apart. */
function collisionProblem(collision: Collision, file: string, positions: readonly Position[]): Problem {
  const position = positions[collision.samples[1] ?? 0];
  return {
    kind: "input",
    code: collisionCode,
    severity: collision.only ? "error" : "warning",
    message: describeCollision(collision),
    remedy: "Choose objects that begin differently, or a model whose vocabulary has them as single tokens.",
    file,
    ...(position && { position }),
  };
}

/** @throws ProblemError when a layer is asked for that the model does not have */
function selectLayers(wanted: AnalyzeParams["settings"]["layers"], count: number): readonly number[] {
  const all = count === 0 ? [] : Array.from({ length: count + 1 }, (_, layer) => layer);
  if (wanted === "all") return all;
  if (wanted === "last") return all.slice(-1);
  const missing = wanted.find((layer) => !all.includes(layer));
  if (missing === undefined) return [...new Set(wanted)].sort((a, b) => a - b);
  throw new ProblemError([
    {
      kind: "usage",
      code: "layer-not-there",
      severity: "error",
      message: `The model has no layer ${missing}.`,
      remedy:
        count === 0 ? "Leave the layers out: this model has none." : `Choose layers from 0 (embeddings) to ${count}.`,
    },
  ]);
}
