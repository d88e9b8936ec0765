import type { Tokenizer } from "../../../src/engine/models/languageModel";

/**
 * Splits into letters-with-leading-space pieces and cuts them after four characters, so that long words have
 * several tokens; `'s` glues to the word before it, as merges over a boundary do in real tokenisers.
 */
export function wordTokenizer(): Tokenizer {
  const ids = new Map<string, number>([["<s>", 0]]);
  const texts = ["<s>"];
  const idOf = (piece: string) => {
    const known = ids.get(piece);
    if (known !== undefined) return known;
    ids.set(piece, texts.length);
    return texts.push(piece) - 1;
  };
  const pieces = (text: string) =>
    (text.match(/ ?[A-Za-z]+'s| ?[A-Za-z]+| ?[^A-Za-z ]+| /g) ?? []).flatMap((word) =>
      word.endsWith("'s") ? [word] : (word.match(/ ?.{1,4}/g) ?? []),
    );
  return {
    get vocabularySize() {
      return texts.length;
    },
    specialIds: [0],
    encode: (text) => [0, ...pieces(text).map(idOf)],
    tokenText: (id) => texts[id] ?? "",
    decode: (list) =>
      list
        .filter((id) => id !== 0)
        .map((id) => texts[id] ?? "")
        .join(""),
  };
}
