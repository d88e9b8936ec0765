import type { CosineMatrix, EmbeddingAlignment } from "../../../protocol/report";
import { alignmentMatrix, type ConceptDifferences } from "../../analysis/origins/embeddingAlignment";
import { fromRows, subtract, type Matrix } from "../../linalg/matrix";
import { random } from "../../linalg/random";
import type { Study } from "../study";
import { isKnown, wordEmbeddings, type Slots } from "../wordEmbeddings";
import { tokenisedPairs, type TokenisedPair } from "../wordPairs";

/** Of a control relation: its words are run for this figure alone. */
const mostControlPairs = 24;
const fewestPairs = 2;
/** Control relations run in their first template alone; rows are comparable if all do. */
const oneTemplate = [0];

interface Concept {
  readonly name: string;
  readonly pairs: number;
  readonly causal: ConceptDifferences;
  readonly euclidean: ConceptDifferences;
}

/**
 * Embeddings beside unembeddings, for this relation and its control relations.
 * @returns null, with a warning, where this relation has fewer than two pairs
 * @throws Cancelled
 */
export async function embeddingAlignment(study: Study): Promise<EmbeddingAlignment | null> {
  const { model, signal, seed, effort } = study;
  const own = await conceptOf(study, study, study.relation.name);
  if (own === null) {
    study.warn(
      "alignment-not-computed",
      `Embeddings are not compared with unembeddings: fewer than ${fewestPairs} pairs have words that are one token each.`,
      "origins",
    );
    return null;
  }
  const concepts = [own];
  for (const control of study.controls) {
    const concept = await conceptOf(study, { ...control, model, signal }, control.name, mostControlPairs);
    if (concept !== null) concepts.push(concept);
  }
  const cosines = (matrix: number[][] | null): CosineMatrix | null => matrix && { matrix, identifiable: null };
  const full = effort === "full";
  const found = await study.compute.run("ownAlignment", own.causal, {
    seed,
    ...(!full && { resamples: 0, draws: 0 }),
  });
  return {
    names: concepts.map(({ name }) => name),
    n: concepts.map(({ pairs }) => pairs),
    causal: cosines(alignmentMatrix(concepts.map(({ causal }) => causal))),
    euclidean: cosines(alignmentMatrix(concepts.map(({ euclidean }) => euclidean))),
    own: found?.own ?? null,
    interval: found?.interval ?? null,
    swappedMean: (full ? found?.swappedMean : null) ?? null,
    swappedUpper: (full ? found?.swappedUpper : null) ?? null,
    p: (full ? found?.p : null) ?? null,
    identifiable: null,
  };
}

/** Pairs that have both: a row of g for each word, and f after it in the slot. */
async function conceptOf(study: Study, slots: Slots, name: string, most = Infinity): Promise<Concept | null> {
  const { geometry, model, seed } = study;
  const { bias } = model.unembedding;
  // What is left out was said where the pairs are compared with one another.
  const all = tokenisedPairs({ model, seed, relation: slots.relation, warn: () => undefined }).filter(
    ({ words: { from, to }, tokens: { fromId, toId } }) =>
      fromId !== toId && isKnown(slots, from) && isKnown(slots, to),
  );
  const pairs = drawn(all, most, random(seed, `alignment ${name}`));
  if (pairs.length < fewestPairs) return null;

  const f = await wordEmbeddings(
    slots,
    pairs.flatMap(({ words }) => [words.from, words.to]),
    oneTemplate,
  );
  const rows = (words: readonly string[]) => fromRows(words.map((word) => f.get(word) ?? []));
  const from = rows(pairs.map(({ words }) => words.from));
  const to = rows(pairs.map(({ words }) => words.to));
  const unembeddings = subtract(
    geometry.rows(pairs.map(({ tokens }) => tokens.toId)),
    geometry.rows(pairs.map(({ tokens }) => tokens.fromId)),
  );
  return {
    name,
    pairs: pairs.length,
    causal: {
      embeddings: subtract(geometry.embed(to), geometry.embed(from)),
      unembeddings: geometry.unembed(unembeddings),
    },
    // The bias is no coordinate of f.
    euclidean: {
      embeddings: subtract(to, from),
      unembeddings: bias === null ? unembeddings : firstColumns(unembeddings, model.description.hiddenSize),
    },
  };
}

function drawn(
  pairs: readonly TokenisedPair[],
  most: number,
  draws: ReturnType<typeof random>,
): readonly TokenisedPair[] {
  if (pairs.length <= most) return pairs;
  return Array.from(draws.permutation(pairs.length).subarray(0, most).sort()).flatMap((place) => pairs[place] ?? []);
}

function firstColumns(rows: Matrix, count: number): Matrix {
  return fromRows(
    Array.from({ length: rows.rows }, (_, i) => rows.data.subarray(i * rows.cols, i * rows.cols + count)),
  );
}
