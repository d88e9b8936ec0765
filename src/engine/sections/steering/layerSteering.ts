import type { SteeringMethod, SteeringResult } from "../../../protocol/report";
import { klDivergence, topToken } from "../../analysis/steering/logitComparison";
import { layerMethods, type LayerMethod, type LayerVectors } from "../../analysis/steering/layerSteering";
import type { SteeringFigures } from "../../analysis/steering/finalSteering";
import { row } from "../../linalg/matrix";
import type { Floats } from "../../models/languageModel";
import { logSumExp } from "../../prompts/readout";
import type { TokenizedPrompt } from "../../prompts/promptTokens";
import { interventionLayers, runInterventions, type Intervention } from "../interventions";
import type { MapRank } from "../ranks";
import type { Study } from "../study";
import { alphas, steeringResult } from "./finalSteering";
import { steeredPrompts, steeredTemplate, type SteeredPrompt } from "./steeringPrompts";
import { layerStates } from "./steeringVectors";

/** At layers, where every vector costs a forward pass. */
const mostLayerPrompts = 20;
const mostControls = 20;

/** The vectors of one layer and method, and how to run the model with them. */
export interface LayerSteering {
  readonly layer: number;
  readonly heldOut: string;
  readonly prompts: readonly SteeredPrompt[];
  readonly vectors: LayerVectors;
}

/** Steering at the layers below the last, by all methods. @throws Cancelled */
export async function layerSteering(
  study: Study,
  mapRanks: readonly MapRank[],
): Promise<{ readonly results: readonly SteeringResult[]; readonly steered: readonly LayerSteering[] }> {
  const layers = interventionLayers(study);
  const { prompts, folds, heldOut } = steeredPrompts(study, mostLayerPrompts);
  if (layers.length === 0 || prompts.length === 0) return { results: [], steered: [] };
  const logits = await study.logitsOf(steeredTemplate);
  const perLayer = await Promise.all(
    layers.map(async (layer) =>
      study.compute.run("layerVectors", await layerStates(study, mapRanks, layer, steeredTemplate), folds, prompts, {
        seed: study.seed,
        stream: `${layer}`,
        methods: layerMethods,
      }),
    ),
  );
  warnAboutMissing(study, perLayer);
  const steered = perLayer.flatMap((found, l) =>
    found.map((vectors): LayerSteering => ({ layer: layers[l] ?? 0, heldOut, prompts, vectors })),
  );
  const results: SteeringResult[] = [];
  for (const [k, one] of steered.entries()) {
    await study.pause(k / steered.length, `layer ${one.layer}`);
    results.push(...(await steerLayer(study, one, logits, (share) => (k + share) / steered.length)));
  }
  return { results, steered };
}

async function steerLayer(
  study: Study,
  steering: LayerSteering,
  logits: Floats,
  share: (done: number) => number,
): Promise<SteeringResult[]> {
  const { layer, prompts, vectors, heldOut } = steering;
  const used = vectors.pairs.flatMap((p) => prompts[p] ?? []);
  const controls = evenly(
    study.controls.flatMap(({ set, logits: all }) =>
      set.prompts.map(({ tokens }, i) => ({ tokens, untouched: rowOf(study, all, i) })),
    ),
    mostControls,
  );
  const tokensOf = (sample: number) => study.set.prompts[steeredTemplate * study.set.samples + sample]?.tokens;

  const tallies = alphas.map(() => new Tally(used, controls.length));
  const runs: { readonly intervention: Intervention; readonly read: (after: Floats) => void }[] = [];
  const add = (
    tokens: TokenizedPrompt | undefined,
    vector: Float64Array,
    alpha: number,
    read: (after: Floats) => void,
  ) => {
    if (tokens === undefined) return;
    runs.push({ intervention: steeredPrompt(tokens, layer, vector, alpha), read });
  };
  for (const [a, alpha] of alphas.entries()) {
    const tally = tallies[a];
    if (tally === undefined) continue;
    used.forEach(({ subject }, i) => {
      if (alpha === 0) {
        const untouched = rowOf(study, logits, subject);
        tally.steered(i, untouched);
        tally.random(i, untouched);
        return;
      }
      add(tokensOf(subject), row(vectors.vectors, i), alpha, (after) => tally.steered(i, after));
      add(tokensOf(subject), row(vectors.random, i), alpha, (after) => tally.random(i, after));
    });
    controls.forEach(({ tokens, untouched }, c) => {
      if (alpha === 0) tally.control(untouched, untouched);
      else add(tokens, row(vectors.vectors, c % used.length), alpha, (after) => tally.control(untouched, after));
    });
  }
  await runInterventions(
    study,
    runs.map(({ intervention }) => intervention),
    (after, place) => runs[place]?.read(after),
    // A cancellation ends the forward pass itself.
    (done) => void study.pause(share(done), `layer ${layer}`).catch(() => undefined),
  );
  return alphas.flatMap((alpha, a) => {
    const figures = tallies[a]?.figures(alpha);
    return figures === undefined ? [] : [steeringResult(layer, vectors.method, heldOut, figures)];
  });
}

/** The prompt with α times the vector added at its subject's last token. */
export function steeredPrompt(
  tokens: TokenizedPrompt,
  layer: number,
  vector: Float64Array,
  alpha: number,
): Intervention {
  const scaled = Float32Array.from(vector, (x) => alpha * x);
  return { prompt: tokens, injections: [{ layer, at: tokens.subjectEnd, vector: scaled }] };
}

/** Sums over the prompts steered with one α. */
class Tally {
  private successes = 0;
  private randomSuccesses = 0;
  private target = 0;
  private source = 0;
  private kl = 0;
  private kept = 0;

  constructor(
    private readonly prompts: readonly SteeredPrompt[],
    private readonly controls: number,
  ) {}

  steered(i: number, after: Floats): void {
    const { from, to } = this.prompts[i] ?? { from: 0, to: 0 };
    const logZ = logSumExp(after);
    if (topToken(after) === to) this.successes++;
    this.target += (after[to] ?? NaN) - logZ;
    this.source += (after[from] ?? NaN) - logZ;
  }

  random(i: number, after: Floats): void {
    if (topToken(after) === this.prompts[i]?.to) this.randomSuccesses++;
  }

  control(untouched: Floats, after: Floats): void {
    this.kl += klDivergence(untouched, after);
    if (topToken(untouched) === topToken(after)) this.kept++;
  }

  figures(alpha: number): SteeringFigures {
    const n = this.prompts.length;
    return {
      alpha,
      n,
      successes: this.successes,
      randomSuccesses: this.randomSuccesses,
      targetLogProbability: this.target / n,
      sourceLogProbability: this.source / n,
      controlKl: this.controls === 0 ? null : this.kl / this.controls,
      controlKept: this.controls === 0 ? null : this.kept / this.controls,
      controlN: this.controls,
    };
  }
}

/** At most `count` entries, evenly spread. */
function evenly<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all];
  return Array.from({ length: count }, (_, k) => Math.floor((k * all.length) / count)).flatMap((i) => all[i] ?? []);
}

function rowOf({ model }: Study, logits: Floats, i: number): Floats {
  const vocabulary = model.description.vocabularySize;
  return logits.subarray(i * vocabulary, (i + 1) * vocabulary);
}

const reasons: Record<LayerMethod, string> = {
  differenceOfMeans: "the states of the subjects do not differ",
  probeNormal: "a probe needs answers that repeat among the subjects",
  pseudoInverse: "the linear map predicts nothing on held-out subjects",
};

function warnAboutMissing(study: Study, perLayer: readonly (readonly LayerVectors[])[]): void {
  for (const method of layerMethods) {
    const missing = perLayer.filter((found) => !found.some((vectors) => vectors.method === method)).length;
    if (missing === 0) continue;
    study.warn(
      "steering-method-left-out",
      `Steering by ${methodNames[method]} is left out at ${missing} of ${perLayer.length} layers: ${reasons[method]}.`,
      "steering",
    );
  }
}

export const methodNames: Record<SteeringMethod, string> = {
  minimumNorm: "the minimum-norm vector",
  differenceOfMeans: "difference of means",
  probeNormal: "the probe's normal",
  pseudoInverse: "the pseudo-inverse of the map",
};
