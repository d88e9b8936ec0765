import { Tokenizer as Library } from "@huggingface/tokenizers";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import * as v from "valibot";
import type { Tokenizer } from "./languageModel";
import { modelProblem } from "./modelProblem";
import { readChatTemplate } from "./readChatTemplate";

export type Bos = "auto" | "always" | "never";

/** The largest in use have about 35 MB. */
const maximumBytes = 64 << 20;

const part = v.nullish(v.looseObject({ type: v.string() }));
const tokenizerFile = v.looseObject({
  added_tokens: v.optional(
    v.array(v.looseObject({ id: v.number(), content: v.string(), special: v.optional(v.boolean()) })),
  ),
  model: v.looseObject({ type: v.optional(v.nullable(v.string())), vocab: v.unknown() }),
  normalizer: part,
  pre_tokenizer: part,
  decoder: part,
});

/**
 * The tokeniser of a model's folder.
 * @param bosTokenId first token for `always` where the tokeniser adds none
 * @throws ProblemError where there is none that can be used.
 */
export function readTokenizer(folder: string, bos: Bos, bosTokenId: number | undefined): Tokenizer {
  const path = join(folder, "tokenizer.json");
  if (!existsSync(path)) {
    throw modelProblem(
      "tokenizer-missing",
      path,
      "The model has no tokenizer.json, which says how text becomes tokens.",
      "Put the tokenizer.json of the model beside its config.json; `AutoTokenizer.from_pretrained(…).save_pretrained(…)` writes it.",
    );
  }
  if (statSync(path).size > maximumBytes) {
    throw broken(
      path,
      `it has ${Math.round(statSync(path).size / 1e6)} MB, more than the ${maximumBytes >> 20} MiB that a tokeniser may have`,
    );
  }
  const configPath = join(folder, "tokenizer_config.json");
  return makeTokenizer(
    readJson(path),
    existsSync(configPath) && statSync(configPath).size <= maximumBytes ? readJson(configPath) : {},
    { bos, bosTokenId, path },
  );
}

interface Options {
  readonly bos: Bos;
  readonly bosTokenId: number | undefined;
  /** For messages. */
  readonly path: string;
}

/** @throws ProblemError */
export function makeTokenizer(json: unknown, config: unknown, { bos, bosTokenId, path }: Options): Tokenizer {
  const parsed = v.safeParse(tokenizerFile, json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw broken(path, `${v.getDotPath(issue) ?? "it"}: ${issue.message}`);
  }
  const file = parsed.output;
  const library = tried(path, () => new Library(file, typeof config === "object" && config !== null ? config : {}));
  const vocabulary = tried(path, () => library.get_vocab(true));
  const texts = new Map<number, string>();
  for (const [text, id] of vocabulary) texts.set(id, text);
  const added = file.added_tokens ?? [];
  for (const token of added) texts.set(token.id, token.content);
  if (texts.size === 0) throw broken(path, "it has no vocabulary");
  const specialIds = added
    .filter((t) => t.special === true)
    .map((t) => t.id)
    .sort((a, b) => a - b);
  const verbatim = new Set(added.map((t) => t.id));
  const show = tokenDisplay(file);
  const unknown = unknownId(file, vocabulary);
  const idsOf = (text: string, addSpecial: boolean): number[] => {
    // For word-level vocabularies the library has no id where there should be the unknown token's.
    const ids: readonly (number | undefined)[] = library.encode(text, { add_special_tokens: addSpecial }).ids;
    return ids.flatMap((id) => id ?? unknown ?? []);
  };
  const first = tried(path, () => firstTokens(idsOf, bos, bosTokenId));
  if (first === undefined) {
    throw modelProblem(
      "tokenizer-no-bos",
      path,
      "A first token was asked for, but neither the tokeniser adds one nor does config.json have a `bos_token_id`.",
      "Leave the first token to the tokeniser (`--bos auto`).",
    );
  }
  const chat = readChatTemplate(dirname(path), config, {
    added: first.map((id) => texts.get(id) ?? "").join(""),
    refused: bos === "never",
  });
  return {
    ...(chat && { chat }),
    vocabularySize: largest(texts.keys()) + 1,
    encode: (text) => [...first, ...idsOf(text, false)],
    tokenText: (id) => {
      const text = texts.get(id);
      return text === undefined ? "" : verbatim.has(id) ? text : show(text);
    },
    // The library has no text for no tokens.
    decode: (ids) =>
      ids.length === 0
        ? ""
        : library.decode([...ids], { skip_special_tokens: false, clean_up_tokenization_spaces: false }),
    specialIds,
  };
}

const broken = (path: string, reason: string) =>
  modelProblem(
    "tokenizer-unusable",
    path,
    `The tokeniser cannot be used: ${reason}.`,
    "Download or export the tokenizer.json of the model again.",
  );

/** The library trusts what it reads; what it stumbles on is the file's fault. */
function tried<T>(path: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    throw broken(path, error instanceof Error ? error.message : String(error));
  }
}

const readJson = (path: string): unknown => tried(path, () => JSON.parse(readFileSync(path, "utf8")) as unknown);

function unknownId(file: TokenizerFile, vocabulary: ReadonlyMap<string, number>): number | undefined {
  const { unk_token: text, unk_id: id } = file.model;
  if (typeof id === "number") return id;
  return typeof text === "string" ? vocabulary.get(text) : undefined;
}

/**
 * What goes before every text; `undefined` where a first token is asked for and none is known. What a
 * post-processor puts after a text is left out: it would be the token that everything is read at.
 */
function firstTokens(
  idsOf: (text: string, addSpecial: boolean) => readonly number[],
  bos: Bos,
  bosTokenId: number | undefined,
): readonly number[] | undefined {
  if (bos === "never") return [];
  const full = idsOf("a", true);
  const added = full.slice(0, leading(full, idsOf("a", false)));
  if (bos === "auto" || added.length > 0) return added;
  return bosTokenId === undefined ? undefined : [bosTokenId];
}

/** How many tokens come before `inner` in `full`. */
function leading(full: readonly number[], inner: readonly number[]): number {
  for (let start = 0; start + inner.length <= full.length; start++) {
    if (inner.every((id, i) => full[start + i] === id)) return start;
  }
  return 0;
}

function largest(numbers: Iterable<number>): number {
  let found = -1;
  for (const n of numbers) found = Math.max(found, n);
  return found;
}

type TokenizerFile = v.InferOutput<typeof tokenizerFile>;

/** How the text of a vocabulary entry reads, by the tokeniser's own conventions. */
function tokenDisplay(file: TokenizerFile): (token: string) => string {
  const parts = JSON.stringify([file.normalizer, file.pre_tokenizer, file.decoder]);
  if (parts.includes('"ByteLevel"')) return byteLevelText;
  if (parts.includes("▁") || parts.includes('"Metaspace"')) {
    return (token) => {
      const byte = /^<0x([0-9A-F]{2})>$/.exec(token)?.[1];
      return byte === undefined ? token.replaceAll("▁", " ") : utf8.decode(Uint8Array.of(parseInt(byte, 16)));
    };
  }
  if (file.model.type === "WordPiece") return (token) => (token.startsWith("##") ? token.slice(2) : ` ${token}`);
  return (token) => token;
}

const utf8 = new TextDecoder();

/** Byte-level vocabularies write each byte as a printable character. */
function byteLevelText(token: string): string {
  const bytes: number[] = [];
  for (const character of token) {
    const byte = byteOfCharacter.get(character);
    if (byte === undefined) return token;
    bytes.push(byte);
  }
  return utf8.decode(Uint8Array.from(bytes));
}

/** Printable Latin-1 characters stand for themselves; the other bytes for U+0100 and up, in order. */
const byteOfCharacter: ReadonlyMap<string, number> = (() => {
  const map = new Map<string, number>();
  let next = 0x100;
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    map.set(String.fromCodePoint(printable ? byte : next++), byte);
  }
  return map;
})();
