import { causalityFigures, causalityRanks, type CausalityFigures } from "../../analysis/causality";
import { topToken } from "../../analysis/logitComparison";
import { row } from "../../linalg/matrix";
import { steeringPairs } from "../../analysis/steeringPairs";
import { interventionLayers, runInterventions, type Intervention } from "../interventions";
import type { Study } from "../study";
import { layerRows, type TemplateRows } from "./rows";

/** Each takes a forward pass for every rank, layer and template. */
const mostPairs = 20;
const fewestPairs = 4;

/**
 * Causality of one template's maps at the layers whose states can be changed ([LRE], linear-properties section 5): by
 * layer; without those where the states do not vary. The answers are the model's own, so that it is the map that is
 * judged and not the model's knowledge.
 *
 * @throws Cancelled
 */
export async function causalityOf(study: Study, rows: TemplateRows, t: number): Promise<Map<number, CausalityFigures>> {
  const out = new Map<number, CausalityFigures>();
  const { pairs, folds } = steeringPairs(rows.topTokens, study.seed, mostPairs);
  const layers = interventionLayers(study);
  if (study.effort !== "full" || layers.length === 0) return out;
  if (pairs.length < fewestPairs) {
    study.warn(
      "causality-too-few-pairs",
      `Causality is not computed: ${pairs.length} subjects have another with a different top answer, at least ${fewestPairs} needed.`,
      `linearity · ${rows.name}`,
    );
    return out;
  }
  const { answerLogits } = rows.template;
  const changes = await Promise.all(
    layers.map((layer) =>
      study.compute.run("inverseChanges", { states: layerRows(study, layer, t), answerLogits }, folds, pairs),
    ),
  );
  for (const [l, layer] of layers.entries()) {
    const vectors = changes[l];
    if (!vectors) continue;
    const successes = pairs.map((): boolean[] => []);
    const interventions = pairs.flatMap(({ subject }, p) => {
      const prompt = study.set.prompts[t * study.set.samples + subject]?.tokens;
      if (prompt === undefined) return [];
      return causalityRanks.map((_, r): Intervention => {
        const vector = Float32Array.from(row(vectors, p * causalityRanks.length + r));
        return { prompt, injections: [{ layer, at: prompt.subjectEnd, vector }] };
      });
    });
    await runInterventions(study, interventions, (logits, place) => {
      const p = Math.floor(place / causalityRanks.length);
      const target = pairs[p]?.target ?? -1;
      successes[p]?.push(topToken(logits) === rows.topTokens[target]);
    });
    out.set(layer, causalityFigures(pairs, successes));
  }
  return out;
}
