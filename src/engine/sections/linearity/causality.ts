import {
  causalityFigures,
  causalityRanks,
  chosenRanks,
  type CausalityFigures,
  type InverseChanges,
} from "../../analysis/linearity/causality";
import { topToken } from "../../analysis/steering/logitComparison";
import { row } from "../../linalg/matrix";
import { steeringPairs, type SteeringPair } from "../../analysis/steering/steeringPairs";
import { interventionLayers, runInterventions, type Intervention } from "../interventions";
import type { Study } from "../study";
import { layerRows, type TemplateRows } from "./rows";

/** Each takes a forward pass for every rank, layer and template. */
const mostPairs = 20;
const fewestPairs = 4;

/**
 * Causality of one template's maps at the layers whose states can be changed ([LRE], linear-properties section 5): by
 * layer; without those where the states do not vary, and those whose map predicts nothing: the inverse of a vanishing
 * map is as large as one likes, and a state that is thrown far enough away gives some answer or other. The answers are
 * the model's own, so that it is the map that is judged and not the model's knowledge.
 *
 * @throws Cancelled
 */
export async function causalityOf(
  study: Study,
  rows: TemplateRows,
  t: number,
  /** Of the map from each layer; null where it predicts nothing held out. */
  ranks: ReadonlyMap<number, number | null>,
): Promise<Map<number, CausalityFigures>> {
  const out = new Map<number, CausalityFigures>();
  const { pairs, folds } = steeringPairs(rows.topTokens, study.seed, mostPairs);
  const possible = interventionLayers(study);
  const layers = possible.filter((layer) => (ranks.get(layer) ?? null) !== null);
  if (layers.length < possible.length) {
    const left = possible.filter((layer) => !layers.includes(layer));
    study.warn(
      "causality-without-map",
      `Causality is not computed at layer ${left.join(", ")}: the linear map from there predicts nothing on held-out subjects.`,
      `linearity · ${rows.name}`,
    );
  }
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
      study.compute.run("inverseChanges", { states: layerRows(study, layer, t), answerLogits }, folds, pairs, {
        seed: study.seed,
      }),
    ),
  );
  for (const [l, layer] of layers.entries()) {
    const vectors = changes[l];
    if (!vectors) continue;
    const all = causalityRanks.map((_, r) => r);
    const successes = await changed(study, rows, t, { layer, pairs, vectors: vectors.inverted, ranks: () => all });
    const chosen = chosenRanks(pairs, successes);
    const arbitrary = await changed(study, rows, t, {
      layer,
      pairs,
      vectors: vectors.arbitrary,
      ranks: (p) => [chosen[p] ?? 0],
    });
    const alone = arbitrary.map((own) => own[0] ?? false);
    out.set(layer, causalityFigures(pairs, successes, alone));
  }
  return out;
}

interface Changes {
  readonly layer: number;
  readonly pairs: readonly SteeringPair[];
  /** One row for each pair and rank. */
  readonly vectors: InverseChanges["inverted"];
  /** Places of the ranks that are tried for a pair. */
  readonly ranks: (pair: number) => readonly number[];
}

/** Whether the answer became the target's, by pair and rank. */
async function changed(
  study: Study,
  rows: TemplateRows,
  t: number,
  { layer, pairs, vectors, ranks }: Changes,
): Promise<boolean[][]> {
  const successes = pairs.map((): boolean[] => []);
  const owners: number[] = [];
  const interventions = pairs.flatMap(({ subject }, p) => {
    const prompt = study.set.prompts[t * study.set.samples + subject]?.tokens;
    if (prompt === undefined) return [];
    return ranks(p).map((r): Intervention => {
      owners.push(p);
      const vector = Float32Array.from(row(vectors, p * causalityRanks.length + r));
      return { prompt, injections: [{ layer, at: prompt.subjectEnd, vector }] };
    });
  });
  await runInterventions(study, interventions, (logits, place) => {
    const p = owners[place] ?? -1;
    const target = pairs[p]?.target ?? -1;
    successes[p]?.push(topToken(logits) === rows.topTokens[target]);
  });
  return successes;
}
