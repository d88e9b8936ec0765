import { describe, expect, it } from "vitest";
import type { LanguageModel, PromptTokens } from "../../../src/engine/models/languageModel";
import { contextKey, recordingModel } from "../../../src/engine/twins/recordingModel";
import { tokenNumbering } from "../../../src/engine/twins/tokenNumbering";
import { wordTokenizer } from "../prompts/wordTokenizer";

/** f is the sum of the tokens up to its position, and `offset`. */
function toy(offset = () => 0): LanguageModel {
  const sum = (ids: readonly number[]) => ids.reduce((total, id) => total + id, offset());
  return {
    description: {} as LanguageModel["description"],
    unembedding: {} as LanguageModel["unembedding"],
    note: null,
    injectable: [0],
    tokenizer: wordTokenizer(),
    forward: (prompts) =>
      Promise.resolve({
        final: prompts.map(({ ids, finalAt }) => finalAt.map((at) => Float32Array.of(sum(ids.slice(0, at + 1)), 1))),
        residual: new Map(),
        tokens: 0,
      }),
    logits: (f) => Promise.resolve(f),
    close: () => Promise.resolve(),
  };
}

const prompt = (ids: readonly number[], finalAt: readonly number[]): PromptTokens => ({ ids, finalAt, residualAt: [] });

describe("recordingModel", () => {
  it("keeps f by the tokens up to it, whatever follows", async () => {
    const { model, recording } = recordingModel(toy());
    const { final } = await model.forward([prompt([1, 2, 3], [1, 2]), prompt([4, 5], [1])], { layers: [] });
    expect(final[0]?.[1]).toEqual(Float32Array.of(6, 1));
    expect(recording.contexts).toEqual(
      new Map([
        ["1 2", Float32Array.of(3, 1)],
        ["1 2 3", Float32Array.of(6, 1)],
        ["4 5", Float32Array.of(9, 1)],
      ]),
    );
    expect(contextKey([1, 2, 3], 2)).toBe("1 2");
  });

  it("leaves interventions out", async () => {
    const { model, recording } = recordingModel(toy());
    const injections = [{ layer: 0, at: 0, vector: Float32Array.of(1) }];
    await model.forward([{ ...prompt([1, 2], [1]), injections }], { layers: [] });
    expect(recording.contexts.size).toBe(0);
  });

  it("does not depend on which of two answers to the same tokens came first", async () => {
    const answers = async (offsets: number[]) => {
      const { model, recording } = recordingModel(toy(() => offsets.shift() ?? 0));
      await model.forward([prompt([1, 2], [1])], { layers: [] });
      await model.forward([prompt([1, 2], [1])], { layers: [] });
      return [...recording.contexts];
    };
    expect(await answers([0, 1e-3])).toEqual(await answers([1e-3, 0]));
  });

  it("keeps the tokens of texts and the texts of tokens", () => {
    const { model, recording } = recordingModel(toy());
    const ids = model.tokenizer.encode("hot hottest");
    expect(recording.texts).toEqual(new Map([["hot hottest", ids]]));
    const text = model.tokenizer.tokenText(ids[0] ?? -1);
    expect(recording.tokenTexts).toEqual(new Map([[ids[0], text]]));
  });
});

describe("tokenNumbering", () => {
  it("is a permutation with the kept tokens first, in their order", () => {
    const { renumber } = tokenNumbering([2, 5, 6], 8);
    expect([2, 5, 6].map(renumber)).toEqual([0, 1, 2]);
    expect([0, 1, 3, 4, 7].map(renumber)).toEqual([3, 4, 5, 6, 7]);
    expect(tokenNumbering(null, 8).renumber(5)).toBe(5);
  });
});
