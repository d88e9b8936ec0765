import type { Parallelism } from "../../protocol/report";
import type { Matrix } from "../linalg/matrix";
import { withOnes } from "../analysis/geometry/geometry";
import { effectiveContexts, logitVectors, logRatioSlopes } from "../analysis/parallelism/logRatios";
import {
  parallelismMap,
  usablePairs,
  type PairVectors,
  type ParallelismMap,
} from "../analysis/parallelism/parallelism";
import { randomPairsNull, sampleRandomPairs } from "../analysis/parallelism/randomPairs";
import { subtract } from "../linalg/matrix";
import { fewContexts } from "../report/verdicts";
import { allRows } from "./activationRows";
import { embeddingParallelism } from "./embeddingParallelism";
import { generalContexts } from "./generalContexts";
import type { Study } from "./study";
import { tokenPairs } from "./wordPairs";

/**
 * The three maps of the pairs' unembedding differences, the distributional one over general contexts as well, and the
 * two of their embedding differences (linear-properties section 4).
 *
 * @returns null when fewer than two pairs are left
 * @throws Cancelled
 */
export async function parallelismSection(study: Study): Promise<Parallelism | null> {
  const { geometry, model, activations, seed } = study;
  const candidates = tokenPairs(study);
  const distinct = candidates.filter(({ fromId, toId }) => fromId !== toId);
  // f(x)·g(y) for every prompt x; with a bias, g has one more column and f a 1 in it.
  const prompts = allRows(activations.f, model.description.hiddenSize);
  const f = model.unembedding.bias === null ? prompts : withOnes(prompts);

  const rowsOf = (ids: readonly number[]) => geometry.rows(ids);
  const from = rowsOf(distinct.map(({ fromId }) => fromId));
  const to = rowsOf(distinct.map(({ toId }) => toId));
  const usable = distinct.length === 0 ? [] : usablePairs({ from, to });
  const pairs = usable.flatMap((i) => distinct[i] ?? []);
  if (pairs.length < candidates.length) {
    study.warn(
      "pairs-without-difference",
      `${candidates.length - pairs.length} pairs are left out of parallelism, because both of their words are the same.`,
      "parallelism.pairs",
    );
  }
  if (pairs.length < 2) {
    study.warn(
      "too-few-pairs",
      `Parallelism is not computed: ${pairs.length} usable pairs, at least 2 needed.`,
      "parallelism",
    );
    return null;
  }

  const a = rowsOf(pairs.map(({ fromId }) => fromId));
  const b = rowsOf(pairs.map(({ toId }) => toId));
  const figuresOnly = study.effort === "figures";
  const draws = { seed, ...(figuresOnly && { permutations: 0, resamples: 0 }) };
  const words = figuresOnly ? null : randomWords(study, pairs.length);
  const mapOf = (vectors: PairVectors, coordinates: Coordinates): ParallelismMap | null =>
    parallelismMap(vectors, {
      ...draws,
      randomPairs: words && randomPairsNull(words.sample, coordinates(words.rows)),
    }).map;
  const mapIn = (coordinates: Coordinates) => mapOf({ from: coordinates(a), to: coordinates(b) }, coordinates);

  await study.pause(0, "distributional");
  const inPrompts: Coordinates = (rows) => logitVectors(rows, f);
  const logits = { from: inPrompts(a), to: inPrompts(b) };
  const distributional = mapOf(logits, inPrompts);
  await study.pause(0.3, "causal");
  const causal = mapIn((rows) => geometry.unembed(rows));
  await study.pause(0.5, "Euclidean");
  const euclidean = mapIn((rows) => rows);
  await study.pause(0.7, "embedding differences");
  const contexts = effectiveContexts(geometry.embed(prompts));
  const general = await generalContexts(study);
  if (contexts !== null && contexts < fewContexts) {
    study.warn(
      "few-effective-contexts",
      `The prompts make ${contexts.toFixed(1)} effective contexts: the distributional map reads little more than the average log-ratio.`,
      "parallelism.distributional",
    );
  }
  return {
    pairs,
    distributional,
    causal,
    euclidean,
    effectiveContexts: contexts,
    general: general && mapIn((rows) => logitVectors(rows, general.f)),
    generalEffectiveContexts: general && effectiveContexts(geometry.embed(general.bare)),
    generalContexts: general?.texts.length ?? 0,
    slopes: logRatioSlopes(subtract(logits.to, logits.from)),
    embeddings: await embeddingParallelism(study, draws),
  };
}

/** Rows of g to vectors of a geometry. */
type Coordinates = (rows: Matrix) => Matrix;

/** Random pairs of tokens and their rows of g, the same for every geometry. */
function randomWords({ geometry, seed }: Study, pairs: number) {
  const sample = sampleRandomPairs(geometry.tokens, { pairs, seed });
  return { sample, rows: geometry.rows(sample.tokens) };
}
