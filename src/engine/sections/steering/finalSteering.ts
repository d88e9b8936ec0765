import type { SteeringResult } from "../../../protocol/report";
import type { FinalSteeringPair, SteeringFigures } from "../../analysis/steering/finalSteering";
import { wilsonInterval } from "../../analysis/statistics/intervals";
import type { Floats } from "../../models/languageModel";
import type { Study } from "../study";
import { neutralAnswers, type StudyContexts } from "./steeringContexts";
import { steeredPrompts, steeredTemplate } from "./steeringPrompts";

/** Multiples of the vector; 1 adds to the log-odds of b against a what tells the two subjects' prompts apart. */
export const alphas = [0, 0.5, 1, 1.5, 2, 3] as const;

/** At f, where a vector costs no forward pass. */
const mostPrompts = 40;

/** Steering at f by the minimum-norm vector. @throws Cancelled */
export async function finalSteering(study: Study, contexts: StudyContexts): Promise<readonly SteeringResult[]> {
  const { controls, model, effort, seed, set } = study;
  const vocabulary = model.description.vocabularySize;
  const { prompts, folds, heldOut } = steeredPrompts(study, mostPrompts);
  if (prompts.length === 0) return [];
  const logits = await study.logitsOf(steeredTemplate);
  const pairs = prompts.map(({ subject, target, fold, from, to }, i): FinalSteeringPair => ({
    prompt: i,
    fold,
    from,
    to,
    gap: logOdds(logits, vocabulary, target, from, to) - logOdds(logits, vocabulary, subject, from, to),
  }));
  const { figures, infeasible } = await study.compute.run(
    "steerAtFinal",
    {
      vocabulary,
      contexts: {
        gram: contexts.gram,
        logits: contexts.logits,
        folds: contexts.samples.map((sample) => (sample < 0 ? -1 : (folds[sample] ?? -1))),
      },
      prompts: rowsOf(logits, vocabulary, prompts.map(({ subject }) => subject)), // prettier-ignore
      pairs,
      neutral: neutralAnswers(study),
      controls: joined(controls.map((control) => control.logits)),
    },
    { alphas, seed, random: effort === "full" },
  );
  if (infeasible > 0) {
    study.warn(
      "steering-not-neutral",
      `${infeasible} of ${pairs.length} prompts are not steered at f: no vector moves their answers and leaves those of the control relations alone, with ${set.prompts.length} prompts.`,
      "steering",
    );
  }
  return figures.map((own) => steeringResult("final", "minimumNorm", heldOut, own));
}

/** log p(to) − log p(from) in one row. */
export function logOdds(logits: Floats, vocabulary: number, row: number, from: number, to: number): number {
  return (logits[row * vocabulary + to] ?? NaN) - (logits[row * vocabulary + from] ?? NaN);
}

export function steeringResult(
  layer: SteeringResult["layer"],
  method: SteeringResult["method"],
  heldOut: string,
  { successes, randomSuccesses, ...figures }: SteeringFigures,
): SteeringResult {
  return {
    layer,
    method,
    heldOut,
    ...figures,
    successRate: successes / figures.n,
    interval: wilsonInterval(successes, figures.n),
    randomSuccessRate: randomSuccesses === null ? null : randomSuccesses / figures.n,
    identifiable: null,
  };
}

function rowsOf(values: Floats, width: number, rows: readonly number[]): Floats {
  return joined(rows.map((row) => values.subarray(row * width, (row + 1) * width)));
}

/** One after the other; double precision if any of them is. */
function joined(parts: readonly Floats[]): Floats {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const out = parts.some((part) => part instanceof Float64Array) ? new Float64Array(length) : new Float32Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
