import type { SteerParams, SteerResult } from "../protocol/engine";
import { ProblemError } from "../protocol/problem";
import { layerMethods } from "./analysis/steering/layerSteering";
import type { Floats } from "./models/languageModel";
import { readOut, type Readout } from "./prompts/readout";
import { runInterventions } from "./sections/interventions";
import type { MapRank } from "./sections/ranks";
import { continueSteered } from "./sections/steering/continuations";
import { methodNames, steeredPrompt } from "./sections/steering/layerSteering";
import { steeredState } from "./sections/steering/steeredState";
import { studyContexts, type StudyContexts } from "./sections/steering/steeringContexts";
import { answersOf, finalVector, layerVector } from "./sections/steering/steeringVectors";
import type { Study } from "./sections/study";

/** What a person's hand on the slider asks for again and again. */
interface Kept {
  contexts?: Promise<StudyContexts>;
  readonly vectors: Map<string, Promise<Float64Array | null>>;
}

const kept = new WeakMap<Study, Kept>();

/**
 * One prompt of the last analysis, steered by hand (linear-properties section 8). Vectors are fitted without the two
 * subjects and kept, so that another α costs one forward pass at a layer, and none at f.
 *
 * @param ranks of the linearity section
 * @throws ProblemError for a prompt, layer or method that the study does not have
 * @throws Cancelled
 */
export async function steer(params: SteerParams, study: Study, ranks: readonly MapRank[] = []): Promise<SteerResult> {
  const { template, sample, layer, alpha, continuation } = params;
  const { set, readouts, model } = study;
  check(params, study);
  const place = template * set.samples + sample;
  const [prompt, before] = [set.prompts[place], readouts[place]];
  if (prompt === undefined || before === undefined) throw notThere(`The report has no prompt ${place}.`);
  const vector = await vectorOf(params, study, ranks);
  if (vector === null) throw noVector(params);

  const vocabulary = model.description.vocabularySize;
  const untouched = (await study.logitsOf(template)).subarray(sample * vocabulary, (sample + 1) * vocabulary);
  const logits = await steeredLogits(params, study, vector);
  const after = readOut(logits, before.answer, before.top.length);
  const [from, to] = answersOf(study, params);
  const change = (id: number) => ({
    id,
    text: model.tokenizer.tokenText(id),
    before: (untouched[id] ?? NaN) - before.logZ,
    after: (logits[id] ?? NaN) - after.logZ,
  });
  const top = (readout: Readout) =>
    readout.top.map(({ id, logProbability }) => ({ id, text: model.tokenizer.tokenText(id), logProbability }));
  const text = await continueSteered(study, { layer, vector, alpha, template, sample, continuation });
  return {
    prompt: prompt.tokens.text,
    from: change(from),
    to: change(to),
    topBefore: top(before),
    topAfter: top(after),
    textBefore: text.without,
    textAfter: text.with,
  };
}

async function steeredLogits(params: SteerParams, study: Study, vector: Float64Array): Promise<Floats> {
  const { template, sample, layer, alpha } = params;
  if (layer === "final") return study.model.logits(steeredState(study, template, sample, vector, alpha));
  const prompt = study.set.prompts[template * study.set.samples + sample];
  const found: Floats[] = [];
  if (prompt !== undefined) {
    await runInterventions(study, [steeredPrompt(prompt.tokens, layer, vector, alpha)], (logits) => found.push(logits));
  }
  return found[0] ?? new Float32Array(0);
}

function vectorOf(params: SteerParams, study: Study, ranks: readonly MapRank[]): Promise<Float64Array | null> {
  const { template, sample, to, layer, method } = params;
  const own: Kept = kept.get(study) ?? { vectors: new Map() };
  kept.set(study, own);
  const key = [layer, method, template, sample, to].join(" ");
  const known = own.vectors.get(key);
  if (known !== undefined) return known;
  const choice = { template, sample, to };
  const layerMethod = layerMethods.find((one) => one === method);
  const found =
    layer === "final" || layerMethod === undefined
      ? (own.contexts ??= studyContexts(study)).then((contexts) => finalVector(study, contexts, choice))
      : layerVector(study, ranks, layer, layerMethod, choice);
  own.vectors.set(key, found);
  // What failed, such as by a cancellation, is tried again.
  found.catch(() => own.vectors.delete(key));
  return found;
}

function check({ template, sample, to, layer, method }: SteerParams, study: Study): void {
  const { set, model, layers } = study;
  const outside = (value: number, count: number) => !Number.isInteger(value) || value < 0 || value >= count;
  if (outside(template, set.templates)) throw notThere(`The report has no template ${template}.`);
  for (const place of [sample, to]) {
    if (outside(place, set.samples)) throw notThere(`The report has no sample ${place}.`);
  }
  if (layer === "final" ? method !== "minimumNorm" : method === "minimumNorm") {
    throw notThere(`There is no steering by ${methodNames[method]} at ${layer === "final" ? "f" : `layer ${layer}`}.`);
  }
  if (layer !== "final" && !(layers.includes(layer) && model.injectable.includes(layer))) {
    throw notThere(`Layer ${layer} was not read, or nothing can be added to it.`);
  }
  const [from, answer] = answersOf(study, { template, sample, to });
  if (from === answer) {
    throw new ProblemError([
      {
        kind: "usage",
        code: "steer-same-answer",
        severity: "error",
        message: "Both subjects have the same answer, so there is nothing to steer to.",
        remedy: "Choose a subject with another answer.",
      },
    ]);
  }
}

function notThere(message: string): ProblemError {
  return new ProblemError([
    {
      kind: "usage",
      code: "steer-not-there",
      severity: "error",
      message,
      remedy: "Choose a prompt, a layer and a method of the report that is shown.",
    },
  ]);
}

function noVector({ method }: SteerParams): ProblemError {
  const remedies = {
    minimumNorm: "Choose another answer, or control relations with fewer answers.",
    differenceOfMeans: "Choose another layer.",
    probeNormal: "Choose two answers that several subjects have, or another method.",
    pseudoInverse: "Choose another method: the linear map predicts nothing on held-out subjects.",
  } as const;
  return new ProblemError([
    {
      kind: "usage",
      code: "steer-no-vector",
      severity: "error",
      message: `Steering by ${methodNames[method]} has no vector for these two subjects.`,
      remedy: remedies[method],
    },
  ]);
}
