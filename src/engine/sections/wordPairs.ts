import type { Relation, WordPair } from "../../protocol/relation";
import { random } from "../linalg/random";
import type { LanguageModel } from "../models/languageModel";
import { singleToken } from "../prompts/promptTokens";
import type { Study } from "./study";

/** A pair of words, each one token after a space. */
export interface TokenPair {
  readonly from: string;
  readonly fromId: number;
  readonly to: string;
  readonly toId: number;
}

/** A heatmap of more is no picture, and the cost grows with the square. */
export const maximumPairs = 100;

/**
 * The file's `pairs`, else subject and object of its samples; each pair once, in the order of the file. Of more
 * than 100, a random 100 under the seed, with a warning.
 */
export function wordPairs({ relation, seed, warn }: Pick<Study, "relation" | "seed" | "warn">): WordPair[] {
  const pairs = relation.pairs ?? samplePairs(relation);
  const seen = new Set<string>();
  const distinct = pairs.filter(({ from, to }) => {
    const key = JSON.stringify([from, to]);
    const fresh = !seen.has(key);
    seen.add(key);
    return fresh;
  });
  if (distinct.length <= maximumPairs) return distinct;
  const message = `Word pairs: ${maximumPairs} of ${distinct.length} take part, drawn at random under the seed.`;
  warn("pairs-sampled", message, "parallelism.pairs");
  const drawn = random(seed, "pairs").permutation(distinct.length).subarray(0, maximumPairs).sort();
  return Array.from(drawn).flatMap((i) => distinct[i] ?? []);
}

/** Subject and object of the samples that have one. */
export function samplePairs({ samples }: Pick<Relation, "samples">): WordPair[] {
  return samples.flatMap(({ subject, object }) => (object === undefined ? [] : [{ from: subject, to: object }]));
}

/** Id of a word that is one token after a space, with a row of g that was trained; null for others. */
export function trainedTokens({
  tokenizer,
  unembedding,
}: Pick<LanguageModel, "tokenizer" | "unembedding">): (word: string) => number | null {
  const excluded = new Set(unembedding.excluded);
  return (word) => {
    const id = singleToken(tokenizer, word);
    return id === null || excluded.has(id) || id >= unembedding.vocabularySize ? null : id;
  };
}

/** A pair as the file has it, and as tokens. */
export interface TokenisedPair {
  readonly words: WordPair;
  readonly tokens: TokenPair;
}

/**
 * The pairs whose words are single tokens after a space, for figures on rows of g. The others are left out with a
 * warning, since g has no one row for them.
 */
export function tokenPairs(study: Parameters<typeof tokenisedPairs>[0]): TokenPair[] {
  return tokenisedPairs(study).map(({ tokens }) => tokens);
}

/** As `tokenPairs`, with the words of the file. */
export function tokenisedPairs(study: Pick<Study, "model" | "relation" | "seed" | "warn">): TokenisedPair[] {
  const { tokenizer } = study.model;
  const idOf = trainedTokens(study.model);
  const left: string[] = [];
  const pairs = wordPairs(study).flatMap((words): TokenisedPair[] => {
    const fromId = idOf(words.from);
    const toId = idOf(words.to);
    if (fromId === null || toId === null) {
      left.push(`${words.from} → ${words.to}`);
      return [];
    }
    return [{ words, tokens: { from: tokenizer.tokenText(fromId), fromId, to: tokenizer.tokenText(toId), toId } }];
  });
  if (left.length > 0) {
    const some = left.slice(0, 3).join(", ");
    study.warn(
      "pairs-not-single-tokens",
      `${left.length} of ${left.length + pairs.length} pairs are left out of parallelism, because a word of theirs is not one trained token after a space: ${some}${left.length > 3 ? ", …" : ""}.`,
      "parallelism.pairs",
    );
  }
  return pairs;
}
