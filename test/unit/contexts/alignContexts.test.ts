import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { alignContexts, passageOf } from "../../../src/engine/contexts/alignContexts";
import { matchVocabularies } from "../../../src/engine/contexts/matchedVocabulary";
import { readPassages } from "../../../src/engine/contexts/passages";
import { runContexts } from "../../../src/engine/contexts/runContexts";
import type { LanguageModel } from "../../../src/engine/models/languageModel";
import { openModel } from "../../../src/engine/models/openModel";

const root = join(__dirname, "../../..");
const shared = join(root, "../shared/models");

describe("contexts of two tokenisers", () => {
  // Words and pieces of words, with a first token, against single letters.
  const words = reader(["<s>", "the", " old", " c", "at", " sat", ",", " naïve", "The"], { special: [0], bos: true });
  const letters = reader(["<s>", ...Array.from("abcdefghijklmnopqrstuvwxyzT ,ï")], { special: [0] });

  test("end with a word at which both have a boundary", () => {
    const text = "the old cat sat, the cat";
    const { contexts, prompts, leftOut } = alignContexts([text], [words, letters], { seed: 1 });
    expect(contexts.map((context) => context.text)).toEqual([
      "the old cat",
      "the old cat sat",
      // " the" is no token of the first vocabulary, so that it reads no further.
    ]);
    expect(leftOut).toBe(0);
    expect(prompts[0]).toEqual([{ ids: [0, 1, 2, 3, 4, 5], at: [4, 5] }]);
    expect(prompts[1]?.[0]?.at).toEqual([10, 14]);
  });

  test("stop before a token that one of them was never trained on", () => {
    const untrained = { ...letters, unembedding: { ...letters.unembedding, excluded: [0, letters.id("s")] } };
    const { contexts } = alignContexts(["the old cat sat"], [words, untrained], { seed: 1 });
    expect(contexts.map(({ text }) => text)).toEqual(["the old cat"]);
  });

  test("count a passage without any as left out", () => {
    const { contexts, leftOut, passages } = alignContexts(["the old", "? ! ?", "the old cat"], [words], { seed: 1 });
    expect(contexts.map(({ passage }) => passage)).toEqual([2]);
    expect([leftOut, passages]).toEqual([2, 3]);
  });

  test("are spread evenly, in order, and the same under a seed", () => {
    const passages = ["the old cat sat old old old cat", "the old cat sat", "the old cat sat old cat old cat"];
    const few = alignContexts(passages, [letters], { seed: 7, most: 6 });
    expect(Array.from(passageOf(few))).toEqual([0, 0, 1, 1, 2, 2]);
    expect(alignContexts(passages, [letters], { seed: 7, most: 6 })).toEqual(few);
    expect(alignContexts(passages, [letters], { seed: 7, most: 2 }).contexts).toHaveLength(2);
    const all = alignContexts(passages, [letters], { seed: 7 });
    expect(all.contexts).toHaveLength(6 + 2 + 6);
    for (const [i, { text }] of all.contexts.entries()) {
      expect(
        all.contexts.findIndex(
          (other, j) => j !== i && other.text === text && other.passage === all.contexts[i]?.passage,
        ),
      ).toBe(-1);
    }
  });
});

describe("the general contexts", () => {
  let small: LanguageModel;
  let wide: LanguageModel;
  beforeAll(async () => {
    small = await openModel(join(root, "models/embedded-small"), { bos: "auto", signal: new AbortController().signal });
    wide = await openModel(join(root, "models/embedded-wide"), { bos: "auto", signal: new AbortController().signal });
  });
  afterAll(async () => {
    await small.close();
    await wide.close();
  });

  test("give the teaching models enough that they know", async () => {
    const { texts } = await readPassages(null);
    const aligned = alignContexts(texts, [small, wide], { seed: 0 });
    expect(texts.length).toBeGreaterThanOrEqual(200);
    expect(aligned.contexts.length).toBeGreaterThan(400);
    expect(new Set(passageOf(aligned)).size).toBe(aligned.passages - aligned.leftOut);
  });

  test("one pass over a passage gives f and h of each of its contexts", async () => {
    const passage = "The capital of France is Paris. The plural of dog is dogs.";
    const aligned = alignContexts([passage, "The superlative of easy is easiest."], [small], { seed: 0 });
    const { f, residual } = await runContexts(small, aligned, 0, { layers: [2] });
    const d = small.unembedding.hiddenSize;
    expect(f.length).toBe(aligned.contexts.length * d);
    for (const [i, { text }] of aligned.contexts.entries()) {
      const ids = small.tokenizer.encode(text);
      const at = ids.length - 1;
      const alone = await small.forward([{ ids, finalAt: [at], residualAt: [at] }], { layers: [2] });
      const expected = [alone.final[0]?.[0], alone.residual.get(2)?.[0]?.[0]];
      for (const [k, rows] of [f, residual.get(2)].entries()) {
        const own = rows?.subarray(i * d, (i + 1) * d) ?? [];
        for (const [j, value] of own.entries()) expect(Math.abs(value - (expected[k]?.[j] ?? NaN))).toBeLessThan(1e-4);
      }
    }
  });

  test("vocabularies of the same tokeniser match in full, their special token apart", () => {
    const { left, right, shared: share, sizes } = matchVocabularies(small, wide);
    expect(share).toBe(1);
    expect(left).toEqual(right);
    expect(sizes[0]).toBe(small.unembedding.vocabularySize - small.unembedding.excluded.length);
    expect(left).not.toContain(0);
  });

  test.skipIf(!existsSync(shared))("other tokenisers agree on texts, word by word", async () => {
    const signal = new AbortController().signal;
    const llama = await openModel(join(shared, "stories260K"), { bos: "auto", signal });
    const bytes = await openModel(join(shared, "ple-c3M-s0"), { bos: "always", signal });
    try {
      const { texts } = await readPassages(null);
      const aligned = alignContexts(texts, [llama, bytes], { seed: 0 });
      expect(aligned.leftOut).toBe(0);
      expect(aligned.contexts).toHaveLength(600);
      const decoded = (model: LanguageModel, which: number, place: number) =>
        aligned.prompts[which]?.[place]?.at.map((at) =>
          model.tokenizer.decode(aligned.prompts[which]?.[place]?.ids.slice(1, at + 1) ?? []).trim(),
        );
      const texts0 = aligned.contexts.filter(({ passage }) => passage === aligned.contexts[0]?.passage);
      expect(decoded(llama, 0, 0)).toEqual(texts0.map(({ text }) => text));
      expect(decoded(bytes, 1, 0)).toEqual(texts0.map(({ text }) => text));
      const match = matchVocabularies(llama, bytes);
      expect(match.left.length).toBeGreaterThan(100);
      for (const [i, id] of match.left.entries()) {
        expect(bytes.tokenizer.tokenText(match.right[i] ?? -1)).toBe(llama.tokenizer.tokenText(id));
      }
    } finally {
      await llama.close();
      await bytes.close();
    }
  });
});

/** A reader that takes the longest token that fits. */
function reader(tokens: readonly string[], { special, bos = false }: { special: number[]; bos?: boolean }) {
  const encode = (text: string): number[] => {
    const ids = bos ? [0] : [];
    for (let at = 0; at < text.length;) {
      const fitting = tokens.map((token, id) => ({ token, id })).filter(({ token }) => text.startsWith(token, at));
      const best = fitting.sort((a, b) => b.token.length - a.token.length)[0];
      ids.push(best?.id ?? tokens.length);
      at += best?.token.length ?? 1;
    }
    return ids;
  };
  return {
    id: (token: string) => tokens.indexOf(token),
    tokenizer: {
      vocabularySize: tokens.length,
      encode,
      tokenText: (id: number) => tokens[id] ?? "",
      decode: (ids: readonly number[]) => ids.map((id) => tokens[id] ?? "").join(""),
      specialIds: special,
    },
    unembedding: {
      weight: new Float32Array(tokens.length),
      bias: null,
      vocabularySize: tokens.length,
      hiddenSize: 1,
      excluded: special,
    },
  };
}
