import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeTokenizer, readTokenizer, type Bos } from "../../../src/engine/models/tokenizer";
import { newFolder, refusal } from "./support";

const special = (id: number, content: string) => ({
  id,
  content,
  special: true,
  normalized: false,
  single_word: false,
  lstrip: false,
  rstrip: false,
});

function ids(tokens: readonly string[]): Record<string, number> {
  return Object.fromEntries(tokens.map((token, i) => [token, i]));
}

const bpe = {
  dropout: null,
  unk_token: null,
  continuing_subword_prefix: null,
  end_of_word_suffix: null,
  fuse_unk: false,
};

const byteLevel = {
  version: "1.0",
  added_tokens: [special(0, "<|endoftext|>")],
  normalizer: null,
  pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
  post_processor: null,
  decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
  model: {
    type: "BPE",
    ...bpe,
    byte_fallback: false,
    vocab: ids(["<|endoftext|>", "c", "a", "t", "s", "Ġ", "Ċ", "Ã", "©", "at", "cat", "Ġcat", "Ã©"]),
    merges: ["a t", "c at", "Ġ cat", "Ã ©"],
  },
};

const sentencePiece = {
  version: "1.0",
  added_tokens: [special(0, "<unk>"), special(1, "<s>"), special(2, "</s>")],
  normalizer: {
    type: "Sequence",
    normalizers: [
      { type: "Prepend", prepend: "▁" },
      { type: "Replace", pattern: { String: " " }, content: "▁" },
    ],
  },
  pre_tokenizer: null,
  post_processor: {
    type: "TemplateProcessing",
    single: [
      { SpecialToken: { id: "<s>", type_id: 0 } },
      { Sequence: { id: "A", type_id: 0 } },
      { SpecialToken: { id: "</s>", type_id: 0 } },
    ],
    pair: [],
    special_tokens: {
      "<s>": { id: "<s>", ids: [1], tokens: ["<s>"] },
      "</s>": { id: "</s>", ids: [2], tokens: ["</s>"] },
    },
  },
  decoder: {
    type: "Sequence",
    decoders: [
      { type: "Replace", pattern: { String: "▁" }, content: " " },
      { type: "ByteFallback" },
      { type: "Fuse" },
      { type: "Strip", content: " ", start: 1, stop: 0 },
    ],
  },
  model: {
    type: "BPE",
    ...bpe,
    unk_token: "<unk>",
    byte_fallback: true,
    vocab: ids(["<unk>", "<s>", "</s>", "<0x21>", "▁", "c", "a", "t", "s", "▁c", "at", "▁cat"]),
    merges: ["▁ c", "a t", "▁c at"],
  },
};

const wordLevel = {
  version: "1.0",
  added_tokens: [special(0, "[UNK]")],
  normalizer: null,
  pre_tokenizer: { type: "Whitespace" },
  post_processor: null,
  decoder: null,
  model: { type: "WordLevel", unk_token: "[UNK]", vocab: ids(["[UNK]", "the", "cat", "sat"]) },
};

const make = (json: unknown, bos: Bos = "auto", bosTokenId?: number) =>
  makeTokenizer(json, {}, { bos, bosTokenId, path: "tokenizer.json" });

describe("byte-level tokenisers", () => {
  const tokenizer = make(byteLevel);
  it("keep the leading space in the token", () => {
    expect(tokenizer.encode("cat cats")).toEqual([10, 11, 4]);
    expect([10, 11, 4].map((id) => tokenizer.tokenText(id))).toEqual(["cat", " cat", "s"]);
    expect(tokenizer.decode([10, 11, 4])).toBe("cat cats");
  });
  it("show bytes as characters", () => {
    expect(tokenizer.tokenText(6)).toBe("\n");
    expect(tokenizer.tokenText(12)).toBe("é");
    expect(tokenizer.tokenText(7)).toBe("\uFFFD");
    expect(tokenizer.encode("é")).toEqual([12]);
  });
  it("name special tokens as they are", () => {
    expect(tokenizer.tokenText(0)).toBe("<|endoftext|>");
    expect(tokenizer.specialIds).toEqual([0]);
    expect(tokenizer.vocabularySize).toBe(13);
    expect(tokenizer.tokenText(99)).toBe("");
  });
});

describe("sentencepiece-like tokenisers", () => {
  const tokenizer = make(sentencePiece);
  it("keep the leading space, and drop what is put after the text", () => {
    expect(tokenizer.encode("cat cats")).toEqual([1, 11, 11, 8]);
    expect([11, 8, 4, 3, 1].map((id) => tokenizer.tokenText(id))).toEqual([" cat", "s", " ", "!", "<s>"]);
  });
  it("fall back to bytes", () => {
    expect(tokenizer.encode("cat!")).toEqual([1, 11, 3]);
  });
});

describe("word-level tokenisers", () => {
  const tokenizer = make(wordLevel);
  it("have words", () => {
    expect(tokenizer.encode("the cat sat down")).toEqual([1, 2, 3, 0]);
    expect([1, 2].map((id) => tokenizer.tokenText(id))).toEqual(["the", "cat"]);
    expect(tokenizer.decode([1, 2])).toBe("the cat");
  });
});

describe("the first token", () => {
  it("is what the tokeniser adds (auto), the config's where it adds none (always), or absent (never)", () => {
    expect(make(byteLevel, "auto", 0).encode("cat")).toEqual([10]);
    expect(make(byteLevel, "always", 0).encode("cat")).toEqual([0, 10]);
    expect(make(byteLevel, "never", 0).encode("cat")).toEqual([10]);
    expect(make(sentencePiece, "always", 1).encode("cat")).toEqual([1, 11]);
    expect(make(sentencePiece, "always").encode("cat")).toEqual([1, 11]);
    expect(make(sentencePiece, "never", 1).encode("cat")).toEqual([11]);
    expect(make(byteLevel, "always", 0).encode("")).toEqual([0]);
  });
  it("cannot be had where nobody says which it is", async () => {
    expect((await refusal(() => make(byteLevel, "always"))).code).toBe("tokenizer-no-bos");
  });
});

describe("unusable tokenisers", () => {
  it("are refused with what is missing", async () => {
    const folder = newFolder();
    expect((await refusal(() => readTokenizer(folder, "auto", undefined))).code).toBe("tokenizer-missing");
    const path = join(folder, "tokenizer.json");
    for (const text of [
      "",
      "{",
      "[]",
      "{}",
      '{"model": {}}',
      '{"model": {"type": "Nonsense", "vocab": {}}}',
      '{"model": 3}',
      "null",
    ]) {
      writeFileSync(path, text);
      expect((await refusal(() => readTokenizer(folder, "auto", undefined))).code, text).toBe("tokenizer-unusable");
    }
  });
  it("are refused unread where they are huge", async () => {
    const folder = newFolder();
    const path = join(folder, "tokenizer.json");
    writeFileSync(path, "{");
    truncateSync(path, 200_000_000);
    const problem = await refusal(() => readTokenizer(folder, "auto", undefined));
    expect(problem.code).toBe("tokenizer-unusable");
    expect(problem.message).toContain("200 MB");
  });
});
