import type { Parallelism } from "../../protocol/report";
import { parallelismMap, type ParallelismOptions } from "../analysis/parallelism/parallelism";
import { fromRows } from "../linalg/matrix";
import type { Study } from "./study";
import { isKnown, wordEmbeddings } from "./wordEmbeddings";
import { wordPairs } from "./wordPairs";

/**
 * Maps of f(x_b) − f(x_a), where x ends at the word in the subject's slot; the mean over templates. Words of any
 * number of tokens take part.
 *
 * @throws Cancelled
 */
export async function embeddingParallelism(
  study: Study,
  draws: Omit<ParallelismOptions, "randomPairs">,
): Promise<Parallelism["embeddings"]> {
  const distinct = wordPairs(study).filter(({ from, to }) => from !== to);
  const pairs = distinct.filter(({ from, to }) => isKnown(study, from) && isKnown(study, to));
  if (pairs.length < distinct.length) {
    study.warn(
      "pairs-with-unknown-tokens",
      `${distinct.length - pairs.length} of ${distinct.length} pairs are left out of the parallelism of embeddings: they have tokens that the model does not know.`,
      "parallelism.embeddings",
    );
  }
  if (pairs.length < 2) return null;
  const f = await wordEmbeddings(
    study,
    pairs.flatMap(({ from, to }) => [from, to]),
  );
  const rows = (words: readonly string[]) => fromRows(words.map((word) => f.get(word) ?? []));
  const from = rows(pairs.map((pair) => pair.from));
  const to = rows(pairs.map((pair) => pair.to));
  const { geometry } = study;
  // No null of random pairs: a random token in the subject's slot is a prompt that nobody would write.
  const options = { ...draws, randomPairs: null };
  return {
    causal: parallelismMap({ from: geometry.embed(from), to: geometry.embed(to) }, options).map,
    euclidean: parallelismMap({ from, to }, options).map,
  };
}
