import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeModel, openModel } from "../../../src/engine/models/openModel";
import { distance, hasOthers, others, refusal } from "./support";

const at = (name: string) => join(others, name);

describe.skipIf(!hasOthers)("models made by others", () => {
  it.each([
    {
      model: "models/stories260K",
      bos: "auto",
      text: "Once upon a",
      next: " time",
      layers: 5,
      hiddenSize: 64,
      first: 1,
    },
    {
      model: "models/ple-c3M-s0",
      bos: "always",
      text: "Once upon a",
      next: " time",
      layers: 6,
      hiddenSize: 128,
      first: 0,
    },
    {
      model: "models/ple-D96-s0",
      bos: "always",
      text: "Once upon a",
      next: " time",
      layers: 6,
      hiddenSize: 96,
      first: 0,
    },
    {
      model: "models/lstm-c3M-s0",
      bos: "always",
      text: "Once upon a",
      next: " time",
      layers: 0,
      hiddenSize: 128,
      first: 0,
    },
  ] as const)("$model goes on from a text", async ({ model: path, bos, text, next, layers, hiddenSize, first }) => {
    const model = await openModel(at(path), { bos });
    const { tokenizer, unembedding, description } = model;
    expect(description).toMatchObject({ layers, hiddenSize, hasTokenizer: true });
    expect(description.checks.every((c) => c.ok)).toBe(true);
    const ids = tokenizer.encode(text);
    expect(ids[0]).toBe(first);
    const wanted = Array.from({ length: layers + 1 }, (_, l) => l);
    const { final, residual } = await model.forward([{ ids, finalAt: [ids.length - 1], residualAt: [0] }], {
      layers: wanted,
    });
    expect(residual.get(layers)![0]![0]!.length).toBe(hiddenSize);
    const f = final[0]![0]!;
    const logits = await model.logits(f);
    // The vocabulary of stories260K has no whole " time".
    const best = logits.indexOf(Math.max(...logits));
    expect(next.startsWith(tokenizer.tokenText(best))).toBe(true);
    expect(tokenizer.tokenText(best).length).toBeGreaterThan(1);
    const products = Float32Array.from({ length: unembedding.vocabularySize }, (_, y) => {
      let sum = unembedding.bias?.[y] ?? 0;
      for (let k = 0; k < hiddenSize; k++) sum += f[k]! * unembedding.weight[y * hiddenSize + k]!;
      return sum;
    });
    expect(distance(logits, products)).toBeLessThan(1e-4);
    expect(unembedding.excluded).toEqual(tokenizer.specialIds);
    await model.close();
  });

  it("give the same g with and without a cache, tied or not", async () => {
    const variants = await Promise.all(
      ["model", "model_with_past", "model_tied"].map((name) =>
        describeModel(at(`models/stories260K/onnx/${name}.onnx`)),
      ),
    );
    expect(variants.map((v) => v.head)).toEqual(["MatMul", "MatMul", "MatMul, tied to the embedding"]);
    for (const variant of variants)
      expect(variant).toMatchObject({ layers: 5, hiddenSize: 64, vocabularySize: 512, hasTokenizer: true });
  });

  it("says that a recurrent model has no layers", async () => {
    expect((await describeModel(at("models/lstm-c3M-s0"))).notes.join()).toContain("recurrent");
  });

  it("loads fused operators with 32-bit ids and stacked past", async () => {
    const model = await openModel(at("exports/genai-tiny-random-gpt2-fp32"), { bos: "auto" });
    expect(model.description).toMatchObject({ layers: 5, hiddenSize: 32, vocabularySize: 1000 });
    const { final } = await model.forward([{ ids: [5, 6, 7], finalAt: [2], residualAt: [] }], { layers: [] });
    expect(final[0]![0]!.length).toBe(32);
    const unknown = refusal(() => model.forward([{ ids: [5000], finalAt: [0], residualAt: [] }], { layers: [] }));
    expect((await unknown).code).toBe("token-outside-vocabulary");
    await model.close();
  });

  it.each([
    { file: "no-nodes", code: "model-no-nodes", says: "no nodes" },
    { file: "beam-search-subgraph", code: "model-search-graph", says: "BeamSearch" },
    { file: "no-output-projection", code: "model-no-projection", says: "no output projection" },
  ])("refuses $file", async ({ file, code, says }) => {
    const problem = await refusal(() => describeModel(at(`exports/refuse/${file}.onnx`)));
    expect(problem).toMatchObject({ kind: "model", code });
    expect(problem.message).toContain(says);
  });
});
