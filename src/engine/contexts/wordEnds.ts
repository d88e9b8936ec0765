import type { LanguageModel } from "../models/languageModel";

/** The end of a word that is the end of a token too. */
export interface WordEnd {
  /** Characters of the text up to it. */
  readonly end: number;
  /** Index of the token. */
  readonly token: number;
}

export interface ReadText {
  readonly ids: readonly number[];
  readonly ends: readonly WordEnd[];
}

const letter = /[\p{L}\p{N}]/u;
const space = /\s/;
/** Of a token that holds a part of a character. */
const partOfCharacter = "\ufffd";

/**
 * Where a model's tokens meet the ends of words, up to the first token that it does not know: beyond its rows, special
 * or excluded from its vocabulary. Spaces are not compared, since tokenisers add and drop them, nor is the case of
 * letters.
 */
export function wordEnds(
  { tokenizer, unembedding }: Pick<LanguageModel, "tokenizer" | "unembedding">,
  mostTokens: number,
): (text: string) => ReadText {
  const foreign = new Set([...unembedding.excluded, ...tokenizer.specialIds]);
  const known = (id: number) => id < unembedding.vocabularySize && !foreign.has(id);
  return (text) => {
    const ids = tokenizer.encode(text).slice(0, mostTokens);
    const ends: WordEnd[] = [];
    // What the tokeniser puts before every text.
    let token = 0;
    while (token < ids.length && foreign.has(ids[token] ?? -1)) token++;
    let at = 0;
    let inCharacter = false;
    for (; token < ids.length; token++) {
      const id = ids[token] ?? -1;
      if (!known(id)) break;
      const piece = tokenizer.tokenText(id);
      if (piece.includes(partOfCharacter)) {
        inCharacter = true;
        continue;
      }
      if (inCharacter) at = afterForeignCharacters(text, at);
      inCharacter = false;
      const next = matched(text, at, piece);
      if (next === null) break;
      at = next;
      if (piece !== "" && !space.test(piece.slice(-1)) && isWordEnd(text, at)) ends.push({ end: at, token });
    }
    return { ids, ends };
  };
}

/** Where the text goes on after a token's text, without regard to spaces; null where it is another text. */
function matched(text: string, start: number, piece: string): number | null {
  let at = start;
  for (const character of piece) {
    if (space.test(character)) continue;
    while (at < text.length && space.test(text.charAt(at))) at++;
    const found = text.slice(at, at + character.length);
    if (found.toLowerCase() !== character.toLowerCase()) return null;
    at += character.length;
  }
  return at;
}

/** Tokens with parts of characters stand for all characters up to the next plain one. */
function afterForeignCharacters(text: string, start: number): number {
  let at = start;
  while (at < text.length && space.test(text.charAt(at))) at++;
  while (at < text.length && text.charCodeAt(at) > 0x7f) at++;
  return at;
}

function isWordEnd(text: string, at: number): boolean {
  if (!letter.test(text.charAt(at - 1))) return false;
  const rest = text.slice(at, at + 2);
  return !letter.test(rest.charAt(0)) && !/^['’-]\p{L}/u.test(rest);
}
