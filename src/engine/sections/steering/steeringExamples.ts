import type { SteeringExample, SteeringResult } from "../../../protocol/report";
import { row } from "../../linalg/matrix";
import type { Study } from "../study";
import { continueSteered } from "./continuations";
import type { LayerSteering } from "./layerSteering";
import type { StudyContexts } from "./steeringContexts";
import { steeredPrompts, steeredTemplate, type SteeredPrompt } from "./steeringPrompts";
import { finalVector } from "./steeringVectors";

const exampleCount = 3;
/** Tokens of a continuation. */
const continuation = 8;

/**
 * Three prompts with their continuations, at the layer, method and α of the highest success; of equal ones the
 * smallest α. @throws Cancelled
 */
export async function steeringExamples(
  study: Study,
  results: readonly SteeringResult[],
  steered: readonly LayerSteering[],
  contexts: StudyContexts,
): Promise<readonly SteeringExample[]> {
  const best = bestOf(results);
  if (best === null) return [];
  const { layer, method, alpha } = best;
  const some = await vectorsOf(study, best, steered, contexts);
  const at = { layer, alpha };
  const texts = await Promise.all(
    some.map(({ prompt: { subject }, vector }) =>
      continueSteered(study, { ...at, vector, template: steeredTemplate, sample: subject, continuation }),
    ),
  );
  const token = (id: number) => ({ id, text: study.model.tokenizer.tokenText(id) });
  return some.flatMap(({ prompt: { subject, from, to } }, i): SteeringExample[] => {
    const tokens = study.set.prompts[steeredTemplate * study.set.samples + subject]?.tokens;
    const text = texts[i];
    if (tokens === undefined || text === undefined) return [];
    return [{ layer, method, alpha, prompt: tokens.text, from: token(from), to: token(to), ...text }];
  });
}

function bestOf(results: readonly SteeringResult[]): SteeringResult | null {
  const tried = results.filter(({ alpha, successRate }) => alpha > 0 && successRate > 0);
  const [first] = [...tried].sort((a, b) => b.successRate - a.successRate || a.alpha - b.alpha);
  return first ?? null;
}

async function vectorsOf(
  study: Study,
  { layer, method }: SteeringResult,
  steered: readonly LayerSteering[],
  contexts: StudyContexts,
): Promise<{ readonly prompt: SteeredPrompt; readonly vector: Float64Array }[]> {
  if (layer !== "final") {
    const own = steered.find((one) => one.layer === layer && one.vectors.method === method);
    return (own?.vectors.pairs ?? []).slice(0, exampleCount).flatMap((p, i) => {
      const prompt = own?.prompts[p];
      return own === undefined || prompt === undefined ? [] : [{ prompt, vector: row(own.vectors.vectors, i) }];
    });
  }
  const some = [];
  for (const prompt of steeredPrompts(study, exampleCount).prompts) {
    const choice = { template: steeredTemplate, sample: prompt.subject, to: prompt.target };
    const vector = await finalVector(study, contexts, choice);
    if (vector !== null) some.push({ prompt, vector });
  }
  return some;
}
