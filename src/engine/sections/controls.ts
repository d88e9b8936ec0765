import { basename, dirname, resolve } from "node:path";
import type { Relation } from "../../protocol/relation";
import { random } from "../linalg/random";
import type { Floats, LanguageModel } from "../models/languageModel";
import { buildPrompts, runPrompts, type PromptActivations, type PromptSet } from "../prompts/promptSet";
import { readOut, type Readout } from "../prompts/readout";
import { knowsTokens } from "../prompts/unknownTokens";
import { readRelationSource } from "../relationSource";
import { samplePairs } from "./wordPairs";

/** A relation that interventions must leave alone, with what the model says to its prompts untouched. */
export interface ControlRelation {
  readonly name: string;
  /** The samples that were drawn, in one template, and the pairs of all. */
  readonly relation: Relation;
  readonly set: PromptSet;
  readonly activations: PromptActivations;
  /** One per prompt. */
  readonly readouts: readonly Readout[];
  /** Of every prompt, [prompts, vocabulary]. */
  readonly logits: Floats;
}

/** Enough to see a change of a few percent; each costs as much as a prompt of the relation itself. */
const mostSubjects = 20;

/**
 * Reads and runs the relation's `control_relations`. One that cannot be read is left out with a warning, since the
 * relation itself can still be analysed.
 *
 * @throws Cancelled
 */
export async function loadControls(
  relation: Relation,
  file: string,
  model: LanguageModel,
  options: {
    readonly seed: number;
    readonly signal: AbortSignal;
    readonly warn: (code: string, message: string, where: string) => void;
  },
): Promise<ControlRelation[]> {
  const controls: ControlRelation[] = [];
  for (const [i, path] of (relation.controlRelations ?? []).entries()) {
    const { relation: other, problems } = await readRelationSource({ file: resolve(dirname(file), path) });
    if (other === null) {
      const reason = problems[0]?.message ?? "it cannot be read";
      options.warn(
        "control-relation-left-out",
        `The control relation ${basename(path)} is left out: ${reason}`,
        `relation.control_relations[${i}]`,
      );
      continue;
    }
    const control = some(other, options.seed);
    const set = buildPrompts(control, model);
    if (set.prompts.some(({ tokens, answer }) => !knowsTokens(model, [...tokens.ids, ...(answer?.ids ?? [])]))) {
      options.warn(
        "control-relation-left-out",
        `The control relation ${basename(path)} is left out: it has tokens that the model does not know.`,
        `relation.control_relations[${i}]`,
      );
      continue;
    }
    controls.push(await runControl(control, set, model, options.signal));
  }
  return controls;
}

/** At most 20 samples, drawn under the seed, in the first template; word pairs cost no prompt and are those of all. */
function some(relation: Relation, seed: number): Relation {
  const n = relation.samples.length;
  const places = Array.from(random(seed, `control ${relation.name}`).permutation(n).subarray(0, mostSubjects)).sort(
    (a, b) => a - b,
  );
  return {
    ...relation,
    templates: relation.templates.slice(0, 1),
    pairs: relation.pairs ?? samplePairs(relation),
    samples: places.flatMap((place) => relation.samples[place] ?? []),
  };
}

async function runControl(
  relation: Relation,
  set: PromptSet,
  model: LanguageModel,
  signal: AbortSignal,
): Promise<ControlRelation> {
  const activations = await runPrompts(
    set.prompts.map(({ tokens }) => tokens),
    model,
    { layers: [], signal, onProgress: () => undefined },
  );
  const logits = await model.logits(activations.f);
  const width = model.description.vocabularySize;
  const readouts = set.prompts.map(({ answer }, i) =>
    readOut(logits.subarray(i * width, (i + 1) * width), answer?.first ?? null),
  );
  return { name: relation.name, relation, set, activations, readouts, logits };
}
