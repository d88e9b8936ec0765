import { steeringPairs, type SteeringPair } from "../../analysis/steering/steeringPairs";
import type { Study } from "../study";

/** The template whose prompts are steered. */
export const steeredTemplate = 0;

export const fewestSubjects = 4;

/** One prompt of the first template, steered from its own answer to another subject's. */
export interface SteeredPrompt extends SteeringPair {
  /** Answer tokens of the subject and of its target. */
  readonly from: number;
  readonly to: number;
}

export interface SteeredPrompts {
  readonly prompts: readonly SteeredPrompt[];
  /** Fold of each subject. */
  readonly folds: Int32Array;
  readonly heldOut: string;
}

/** At most `most` prompts; the first ones do not depend on `most`. */
export function steeredPrompts(study: Study, most: number): SteeredPrompts {
  const answers = study.readouts.slice(0, study.set.samples).map(({ answer }) => answer);
  const { pairs, folds, foldCount } = steeringPairs(answers, study.seed, most);
  return {
    prompts: pairs.map((pair) => ({ ...pair, from: answers[pair.subject] ?? 0, to: answers[pair.target] ?? 0 })),
    folds,
    heldOut: `${foldCount} folds by subject`,
  };
}
