import { minimumNormVectors } from "../../analysis/steering/finalSteering";
import { layerVectors, type LayerMethod } from "../../analysis/steering/layerSteering";
import { multiply, row, selectRows } from "../../linalg/matrix";
import { columns } from "../activationRows";
import { answerTokens } from "../linearity";
import type { Study } from "../study";
import { rankAt, type MapRank } from "../ranks";
import { hiddenRows } from "../subspaceAlignments";
import { logOdds } from "./finalSteering";
import { neutralAnswers, type StudyContexts } from "./steeringContexts";

/** A prompt and the sample whose answer it is steered to. */
export interface SteeringChoice {
  readonly template: number;
  readonly sample: number;
  readonly to: number;
}

/** Answer tokens of the prompt and of the one it is steered to. */
export function answersOf({ readouts, set }: Study, { template, sample, to }: SteeringChoice): [number, number] {
  const at = (place: number) => readouts[template * set.samples + place]?.answer ?? 0;
  return [at(sample), at(to)];
}

/**
 * v [d] of α = 1 at f, in the model's own coordinates; from contexts without the two subjects.
 * @returns null where the control relations' answers leave no direction
 */
export async function finalVector(
  study: Study,
  contexts: StudyContexts,
  choice: SteeringChoice,
): Promise<Float64Array | null> {
  const { template, sample, to } = choice;
  const vocabulary = study.model.description.vocabularySize;
  const logits = await study.logitsOf(template);
  const [a, b] = answersOf(study, choice);
  const { span, vectors } = minimumNormVectors(
    {
      vocabulary,
      neutral: neutralAnswers(study),
      contexts: {
        gram: contexts.gram,
        logits: contexts.logits,
        folds: contexts.samples.map((other) => (other === sample || other === to ? 0 : 1)),
      },
    },
    [{ from: a, to: b, gap: logOdds(logits, vocabulary, to, a, b) - logOdds(logits, vocabulary, sample, a, b) }],
    0,
  );
  const z = vectors[0];
  if (z == null) return null;
  const weights = span.weights({ rows: 1, cols: span.rank, data: z });
  return row(multiply(weights, selectRows(contexts.f, span.contexts)), 0);
}

/** What one layer's vectors are made from in one template. */
export async function layerStates(study: Study, mapRanks: readonly MapRank[], layer: number, template: number) {
  const { set, readouts, model } = study;
  const answers = answerTokens(study);
  return {
    states: hiddenRows(study, layer, template),
    answerLogits: columns(await study.logitsOf(template), model.description.vocabularySize, answers),
    classes: readouts
      .slice(template * set.samples, (template + 1) * set.samples)
      .map(({ answer }) => answers.indexOf(answer)),
    rank: await rankAt(study, mapRanks, layer, template),
  };
}

/** v [d] of α = 1 at a layer, fitted without the two subjects; null where the method has none for them. */
export async function layerVector(
  study: Study,
  mapRanks: readonly MapRank[],
  layer: number,
  method: LayerMethod,
  { template, sample, to }: SteeringChoice,
): Promise<Float64Array | null> {
  const states = await layerStates(study, mapRanks, layer, template);
  const folds = Int32Array.from({ length: study.set.samples }, (_, i) => (i === sample || i === to ? 0 : 1));
  const found = layerVectors(states, folds, [{ subject: sample, target: to, fold: 0 }], {
    seed: study.seed,
    stream: `${layer}`,
    methods: [method],
  });
  return found[0] === undefined ? null : row(found[0].vectors, 0);
}
