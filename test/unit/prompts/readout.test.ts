import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logSumExp, readOut, topEntries, wholeAnswerLogProbabilities } from "../../../src/engine/prompts/readout";
import type { Activations, LanguageModel } from "../../../src/engine/models/languageModel";
import type { RelationPrompt } from "../../../src/engine/prompts/promptSet";

const logitRow = fc
  .array(fc.float({ min: -50, max: 50, noNaN: true }), { minLength: 6, maxLength: 40 })
  .map((values) => Float32Array.from(values));

describe("log-probabilities", () => {
  it("of a row sum to one", () => {
    fc.assert(
      fc.property(logitRow, (logits) => {
        const logZ = logSumExp(logits);
        const sum = logits.reduce((total, value) => total + Math.exp(value - logZ), 0);
        expect(sum).toBeCloseTo(1, 10);
      }),
    );
  });

  it("survive logits beyond the range of exp", () => {
    expect(logSumExp(Float32Array.of(2000, 2000))).toBeCloseTo(2000 + Math.log(2), 9);
  });

  it("of a known row", () => {
    const readout = readOut(Float32Array.of(Math.log(1), Math.log(2), Math.log(5)), 1);
    expect(Math.exp(readout.logProbability)).toBeCloseTo(0.25, 6);
    expect(readout.rank).toBe(2);
    expect(readout.top.map(({ id }) => id)).toEqual([2, 1, 0]);
  });

  it("take the model's own top answer where none is given", () => {
    expect(readOut(Float32Array.of(0, 3, 1), null)).toMatchObject({ answer: 1, rank: 1 });
  });
});

describe("top entries", () => {
  it("are those of a full sort", () => {
    fc.assert(
      fc.property(logitRow, fc.integer({ min: 1, max: 6 }), (values, count) => {
        const sorted = Array.from(values.keys()).sort((a, b) => values[b]! - values[a]! || a - b);
        expect(topEntries(values, count)).toEqual(sorted.slice(0, count));
      }),
    );
  });
});

describe("whole answers", () => {
  it("sum the log-probabilities of their tokens, each in its own context", async () => {
    // A model whose f is the last two ids, and whose logits over three tokens are a function of them.
    const table = (f: Float32Array) => Float32Array.of(f[0]! * 0.1, f[1]! * 0.2, 1);
    const model = {
      forward: (prompts: readonly { ids: readonly number[]; finalAt: readonly number[] }[]): Promise<Activations> =>
        Promise.resolve({
          final: prompts.map(({ ids, finalAt }) =>
            finalAt.map((at) => Float32Array.of(ids[at - 1] ?? 0, ids[at] ?? 0)),
          ),
          residual: new Map(),
          tokens: 0,
        }),
      logits: (f: Float32Array) => Promise.resolve(table(f)),
    } as unknown as LanguageModel;
    const tokens = { text: "", ids: [2, 1], subjectStart: 1, subjectEnd: 1, splitsCleanly: true };
    const prompt: RelationPrompt = {
      template: 0,
      sample: 0,
      tokens,
      answer: { ids: [2, 1, 0, 2], start: 2, first: 0 },
    };
    const logits = table(Float32Array.of(2, 1));
    const [value] = await wholeAnswerLogProbabilities(
      [prompt],
      [readOut(logits, 0)],
      model,
      new AbortController().signal,
    );
    const second = table(Float32Array.of(1, 0));
    expect(value).toBeCloseTo(logits[0]! - logSumExp(logits) + second[2]! - logSumExp(second), 6);
  });
});
