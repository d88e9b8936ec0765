import type { LanguageModel } from "../models/languageModel";

type Reader = Pick<LanguageModel, "tokenizer" | "unembedding">;

/** Tokens that two models have in common: entry i of both lists has the same text. */
export interface MatchedVocabulary {
  /** Ids in the left model, ascending. */
  readonly left: Int32Array;
  /** Ids of the same tokens in the right model. */
  readonly right: Int32Array;
  /** Words of each vocabulary: tokens that are neither special nor left out of it, each text once. */
  readonly sizes: readonly [number, number];
  /** Matched tokens as a share of the smaller vocabulary. */
  readonly shared: number;
}

/** Of a token that holds a part of a character: many have the same text. */
const partOfCharacter = "\ufffd";

/**
 * Matches tokens by their text, the leading space included. Of tokens with the same text the first counts; those with
 * a part of a character match where both models have them under the same number.
 */
export function matchVocabularies(left: Reader, right: Reader): MatchedVocabulary {
  const [own, other] = [tokensByText(left), tokensByText(right)];
  const pairs: [number, number][] = [];
  for (const [text, id] of own) {
    const partner = other.get(text);
    if (partner !== undefined) pairs.push([id, partner]);
  }
  pairs.sort(([a], [b]) => a - b);
  return {
    left: Int32Array.from(pairs, ([id]) => id),
    right: Int32Array.from(pairs, ([, id]) => id),
    sizes: [own.size, other.size],
    shared: pairs.length / Math.max(1, Math.min(own.size, other.size)),
  };
}

function tokensByText({ tokenizer, unembedding }: Reader): ReadonlyMap<string, number> {
  const foreign = new Set([...unembedding.excluded, ...tokenizer.specialIds]);
  const ids = new Map<string, number>();
  const size = Math.min(unembedding.vocabularySize, tokenizer.vocabularySize);
  for (let id = 0; id < size; id++) {
    if (foreign.has(id)) continue;
    const text = tokenizer.tokenText(id);
    if (text === "") continue;
    const key = text.includes(partOfCharacter) ? `${text}\0${id}` : text;
    if (!ids.has(key)) ids.set(key, id);
  }
  return ids;
}
