import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { generate } from "../../../src/engine/models/generate";
import type { Injection, LanguageModel } from "../../../src/engine/models/languageModel";
import { Cancelled } from "../../../src/engine/models/modelProblem";
import { openModel } from "../../../src/engine/models/openModel";
import { graphs } from "./support";

describe("greedy continuation", () => {
  let model: LanguageModel;
  beforeAll(async () => {
    model = await openModel(resolve(graphs, "../../../models/embedded-small"), { bos: "auto" });
  });
  afterAll(() => model.close());
  const encode = (text: string) => [...model.tokenizer.encode(text)];

  /** Differences of the embeddings of two prompts, at every position. */
  async function towards(from: readonly number[], to: readonly number[], layer: number): Promise<Injection[]> {
    const positions = [...from.keys()];
    const { residual } = await model.forward(
      [from, to].map((ids) => ({ ids, finalAt: [], residualAt: positions })),
      { layers: [layer] },
    );
    const [a = [], b = []] = residual.get(layer)!;
    return positions.map((at) => ({ layer, at, vector: Float32Array.from(b[at]!, (x, i) => x - a[at]![i]!) }));
  }

  it("says what the model says, until the text ends", async () => {
    const texts = ["The superlative of easy is", "What is the capital of France? It is", "The superlative of happy is"];
    const found = await generate(
      model,
      texts.map((text) => ({ ids: encode(text) })),
      8,
    );
    expect(found.map((ids) => model.tokenizer.decode(ids))).toEqual([" easiest.", " Paris.", " happiest."]);
    // What follows is the end of the text, which is left out.
    expect(found.flat().some((id) => model.tokenizer.specialIds.includes(id))).toBe(false);
  });

  it("is as long as it is asked to be, at most", async () => {
    const ids = encode("The superlative of easy is");
    expect(await generate(model, [{ ids }], 1)).toEqual([
      encode("The superlative of easy is easiest").slice(ids.length),
    ]);
    expect(await generate(model, [{ ids }], 0)).toEqual([[]]);
    expect(await generate(model, [], 3)).toEqual([]);
  });

  it("keeps what is injected where it was, at every step", async () => {
    const [from, to] = [encode("The superlative of easy is"), encode("The superlative of cold is")];
    const injections = await towards(from, to, 0);
    const [plain, injected, target] = await generate(model, [{ ids: from }, { ids: from, injections }, { ids: to }], 4);
    expect(model.tokenizer.decode(target!)).toBe(" coldest.");
    expect(injected).toEqual(target);
    expect(plain).not.toEqual(target);
    const forward = vi.spyOn(model, "forward");
    await generate(model, [{ ids: from, injections }], 2);
    expect(forward.mock.calls.map(([[prompt]]) => [prompt!.ids.length, prompt!.injections])).toEqual([
      [from.length, injections],
      [from.length + 1, injections],
    ]);
    forward.mockRestore();
  });

  it("runs the prompts of a step together, and only those that go on", async () => {
    const forward = vi.spyOn(model, "forward");
    const ids = encode("The superlative of easy is");
    const ended = [...ids, ...encode("The superlative of easy is easiest.").slice(ids.length)];
    await generate(model, [{ ids: ended }, { ids }], 2);
    expect(forward.mock.calls.map(([prompts]) => prompts.length)).toEqual([2, 1]);
    forward.mockRestore();
  });

  it("can be cancelled", async () => {
    const signal = AbortSignal.abort();
    await expect(generate(model, [{ ids: encode("The") }], 2, signal)).rejects.toBeInstanceOf(Cancelled);
  });
});
