import { ProblemError, type Position, type Problem } from "../protocol/problem";
import type { AnalyzeParams } from "../protocol/engine";
import type { Relation } from "../protocol/relation";
import type { Section } from "../protocol/report";
import type { Hooks } from "./engine";
import { computeUnder } from "./compute/workerPool";
import { readPassages } from "./contexts/passages";
import { timedModel } from "./models/timedModel";
import type { OpenModel } from "./modelStore";
import type { ProgressMeter } from "./progressMeter";
import { lacksChatTemplate, noChatTemplate } from "./prompts/promptForms";
import { buildPrompts, runPrompts } from "./prompts/promptSet";
import { unknownTokenProblems } from "./prompts/unknownTokens";
import {
  collisionCode,
  describeCollision,
  findCollisions,
  readAnswers,
  TemplateLogits,
  type Collision,
} from "./sections/answers";
import { loadControls } from "./sections/controls";
import { generalAlignment } from "./sections/generalContexts";
import type { Study } from "./sections/study";
import type { Stopwatch } from "./stopwatch";
import { recordingKlFits } from "./twins/knownKlFits";
import { recordingModel, type Recording } from "./twins/recordingModel";

/** Sections with figures over contexts that do not come from the relation. */
const asksForContexts: readonly Section[] = ["parallelism", "origins"];

export interface Preparation {
  readonly relation: Relation;
  /** Path of the relation file. */
  readonly file: string;
  /** In which the samples are written. */
  readonly samplesFile: string;
  readonly samplePositions: readonly Position[];
  readonly settings: AnalyzeParams["settings"];
  readonly open: OpenModel;
  readonly clock: Stopwatch;
  readonly progress: ProgressMeter;
  readonly hooks: Hooks;
  readonly warn: Study["warn"];
}

export interface Prepared {
  readonly study: Study;
  /** Of every f that the sections ask for, for exact twins of the model. */
  readonly recording: Recording;
  /** Log-probability of every prompt's whole answer. */
  readonly wholeAnswers: readonly (number | null)[];
  readonly problems: readonly Problem[];
}

/**
 * Everything that the sections start from: the prompts, one pass of the model over them, its answers.
 *
 * @throws ProblemError where the model or the file cannot be used
 * @throws Cancelled
 */
export async function prepareStudy(input: Preparation): Promise<Prepared> {
  const { relation, file, samplesFile, settings, open, clock, progress, hooks, warn } = input;
  const { geometry } = open;
  const timed = timedModel(open.model, (seconds) => clock.add("forward", seconds));
  const { model, recording } = recordingModel(timed);
  const wanted = settings.only.some((section) => asksForContexts.includes(section));
  const general = wanted ? generalAlignment(await readPassages(settings.contexts), open.model, settings.seed) : null;
  const layers = selectLayers(settings.layers, model.description.layers);

  await progress.pause("tokenize", 0, "");
  if (lacksChatTemplate(relation, model.tokenizer)) warn("no-chat-template", noChatTemplate, "relation.templates");
  const set = await clock.measure("tokenize", () => buildPrompts(relation, model));
  const samples = { file: samplesFile, positions: input.samplePositions };
  const unknown = unknownTokenProblems(set, relation, model, file, samples);
  if (unknown.length > 0) throw new ProblemError(unknown);
  const collisions = findCollisions(set, relation, model);
  const problems = collisions.map((collision) => collisionProblem(collision, samplesFile, input.samplePositions));
  if (collisions.some(({ only }) => only)) throw new ProblemError(problems);

  await progress.pause("forward", 0, `${set.prompts.length} prompts`);
  const activations = await runPrompts(
    set.prompts.map(({ tokens }) => tokens),
    model,
    {
      layers,
      signal: hooks.signal,
      onProgress: (done, total) => progress.within("forward", done / total, `prompt ${done} of ${total}`),
    },
  );
  const { providerFallback, warnings = [] } = model.description;
  for (const { code, message } of warnings) warn(code, message, "model");
  if (providerFallback !== undefined) warn("provider-fallback", providerFallback, "settings.provider");
  const logits = new TemplateLogits(model, activations.f, set);
  const answers = await readAnswers(set, model, logits, collisions, hooks.signal, warn);
  const controls = await loadControls(relation, file, model, { seed: settings.seed, signal: hooks.signal, warn });
  return {
    study: {
      relation,
      model,
      geometry,
      set,
      activations,
      readouts: answers.readouts,
      controls,
      general,
      layers,
      seed: settings.seed,
      signal: hooks.signal,
      compute: recordingKlFits(computeUnder(hooks.signal), recording.klFits),
      effort: "full",
      jacobian: settings.jacobian ?? false,
      logitsOf: (template) => logits.of(template),
      warn,
      pause: (done, detail) => progress.pause("forward", done, detail),
    },
    recording,
    wholeAnswers: answers.wholeAnswers,
    problems,
  };
}

/** A warning, unless no two answers are left to tell apart. */
export function collisionProblem(collision: Collision, file: string, positions: readonly Position[]): Problem {
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
export function selectLayers(wanted: AnalyzeParams["settings"]["layers"], count: number): readonly number[] {
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
