import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findModel } from "../../../src/engine/models/findModel";
import { decodeModel } from "../../../src/engine/models/onnxProto";
import { readTwinSource } from "../../../src/engine/models/twinModel";
import { compareLogProbabilities, promptLogits } from "../../../src/engine/models/twinModelCheck";
import { finalOf, states, streamOf } from "./states";
import { distance, refusal, relativeDistance } from "./support";
import { hidden, numbers, plainModel, vocabulary, type TinyModel } from "./tinyModel";
import { built, styles } from "./tinyStyles";
import { makeTwin, timesMap, timesTransposedMap, withBoth } from "./twinSupport";

const prompt = [3, 1, 4, 15, 9, 26];
const g = numbers("head", vocabulary * hidden);
const b = numbers("bias", vocabulary, 2);

/** Logits of a reshaped product, in their own shape again. */
const unflattened = (m: TinyModel, product: string): void => {
  const shape = m.add("Concat", [m.add("Shape", ["input_ids"]), m.constant(BigInt64Array.of(-1n), [1])], { axis: 0n });
  m.add("Reshape", [product, shape], {}, "logits");
};

const flat = (m: TinyModel, f: string): string =>
  m.add("Reshape", [f, m.constant(BigInt64Array.of(-1n, BigInt(hidden)), [2])]);

const nBits = (m: TinyModel, f: string, more: readonly string[]): void => {
  const blocks = vocabulary * 2;
  const levels = Uint8Array.from(numbers("levels", vocabulary * hidden, 60), (x) =>
    Math.max(0, Math.min(255, 128 + x)),
  );
  const scales = Float32Array.from(numbers("scales", blocks, 1), (x) => 2 ** -6 * (1 + Math.abs(x)));
  m.add(
    "MatMulNBits",
    [f, m.constant(levels, [vocabulary, 2, 16]), m.constant(scales, [blocks]), ...more],
    { K: BigInt(hidden), N: BigInt(vocabulary), bits: 8n, block_size: 16n },
    "logits",
  );
};

const heads: Record<string, (m: TinyModel, f: string) => void> = {
  "Gemm on rows with alpha, beta and a bias, behind a Reshape": (m, f) => {
    const inputs = [flat(m, f), m.constant(g, [vocabulary, hidden]), m.constant(b, [vocabulary])];
    unflattened(m, m.add("Gemm", inputs, { transB: 1n, alpha: 2, beta: 0.5 }));
  },
  "Gemm on columns": (m, f) =>
    unflattened(m, m.add("Gemm", [flat(m, f), m.constant(g, [hidden, vocabulary]), m.constant(b, [vocabulary])])),
  "FusedMatMul, tied to the embedding": (m, f) =>
    void m.add("FusedMatMul", [f, m.tensors[0]!.name], { transB: 1n, alpha: 0.5 }, "logits"),
  "MatMul with a bias, a scale, a soft-cap and a mask": (m, f) => {
    const sum = m.add("Add", [m.add("MatMul", [f, m.constant(g, [hidden, vocabulary])]), m.constant(b, [vocabulary])]);
    const bent = m.add("Tanh", [m.add("Mul", [sum, m.scalar(0.25)])]);
    const allowed = m.constant(
      Uint8Array.from({ length: vocabulary }, (_, i) => (i % 5 === 0 ? 0 : 1)),
      [vocabulary],
    );
    m.tensors.at(-1)!.dataType = 9;
    m.add("Where", [allowed, m.add("Mul", [bent, m.scalar(8)]), m.scalar(-1e9)], {}, "logits");
  },
  "the last token selected before the head": (m, f) => {
    const last = m.add("Gather", [f, m.constant(BigInt64Array.of(-1n), [1])], { axis: 1n });
    m.add("MatMul", [last, m.constant(g, [hidden, vocabulary])], {}, "logits");
  },
  MatMulNBits: (m, f) => nBits(m, f, []),
  "MatMulNBits with a bias": (m, f) => nBits(m, f, ["", "", m.constant(b, [vocabulary])]),
};

async function itIsEquivalent(folder: string, size: number): Promise<void> {
  const { path, map } = await makeTwin(folder, { size, seed: 9 });
  const [original, twin] = [
    await promptLogits(findModel(folder), [prompt]),
    await promptLogits(findModel(path), [prompt]),
  ];
  expect(compareLogProbabilities(original, twin, "float32").value).toBeLessThan(1e-5);
  await withBoth(folder, path, async (a, b) => {
    expect(b.description).toMatchObject({ hiddenSize: size, layers: a.description.layers });
    expect(b.injecting.layers).toEqual(a.injecting.layers);
    const [before, after] = [await states(a, prompt), await states(b, prompt)];
    expect(relativeDistance(finalOf(after), timesMap(finalOf(before), map))).toBeLessThan(1e-5);
    expect(relativeDistance(timesTransposedMap(b.head.weight, map), a.head.weight)).toBeLessThan(1e-5);
    expect(b.head.bias ?? []).toEqual(a.head.bias ?? []);
    expect(b.head.softCap).toEqual(a.head.softCap);
    for (const layer of a.hidden.layers)
      expect(distance(streamOf(after, layer), streamOf(before, layer))).toBeLessThan(1e-5);
  });
}

describe.each(Object.keys(heads))("twin of a model whose head is %s", (name) => {
  it.each([hidden, hidden + 9])("of hidden size %i", async (size) => {
    const model = plainModel();
    heads[name]!(model, model.norm(model.stream, "f"));
    await itIsEquivalent(model.write(), size);
  });
});

describe.each(Object.keys(styles))("twin of layers %s", (style) => {
  it("has the same residual stream", async () => {
    await itIsEquivalent(built(styles[style]!, 2).write(), hidden + 7);
  });
});

describe("a twin's graph", () => {
  it("keeps the embedding that the head was tied to, and drops a head of its own", async () => {
    const tied = plainModel();
    heads["FusedMatMul, tied to the embedding"]!(tied, tied.norm(tied.stream, "f"));
    const plain = plainModel();
    plain.finish();
    const [before, after] = [tied.tensors.map((t) => t.name), plain.tensors.map((t) => t.name)];
    const ofTied = decodeModel(readFileSync((await makeTwin(tied.write())).path)).graph!;
    expect(ofTied.initializer.map((t) => t.name)).toEqual([...before, "twin1.map", "twin1.unembedding"]);
    const ofPlain = decodeModel(readFileSync((await makeTwin(plain.write())).path)).graph!;
    expect(ofPlain.initializer.map((t) => t.name)).toEqual([...after.slice(0, -1), "twin1.map", "twin1.unembedding"]);
  });

  it("can be made a twin of once more", async () => {
    const model = plainModel();
    model.finish();
    const folder = model.write();
    const first = await makeTwin(folder, { size: hidden + 4, seed: 1 });
    const second = await makeTwin(first.path, { size: hidden + 11, seed: 2 });
    const [a, b] = [
      await promptLogits(findModel(folder), [prompt]),
      await promptLogits(findModel(second.path), [prompt]),
    ];
    expect(compareLogProbabilities(a, b, "float32").value).toBeLessThan(1e-4);
    await withBoth(folder, second.path, async (original, twin) => {
      expect(twin.description).toMatchObject({ hiddenSize: hidden + 11, layers: 2 });
      const f = finalOf(await states(original, prompt));
      const expected = timesMap(timesMap(f, first.map), second.map);
      expect(relativeDistance(finalOf(await states(twin, prompt)), expected)).toBeLessThan(1e-5);
    });
  });

  it("is not equivalent where g is left as it was", async () => {
    const model = plainModel();
    model.finish();
    const folder = model.write();
    const wrong = await makeTwin(folder, {}, { change: ({ map }) => ({ map, next: (rows) => rows }) });
    const [a, b] = [
      await promptLogits(findModel(folder), [prompt]),
      await promptLogits(findModel(wrong.path), [prompt]),
    ];
    expect(compareLogProbabilities(a, b, "float32")).toMatchObject({ ok: false });
  });

  it("is refused where the head quantises what enters it", async () => {
    const model = plainModel();
    const f = model.norm(model.stream, "f");
    const weight = Uint8Array.from({ length: hidden * vocabulary }, (_, i) => (i * 37) % 256);
    model.add(
      "DynamicQuantizeMatMul",
      [f, model.constant(weight, [hidden, vocabulary]), model.scalar(0.01)],
      {},
      "logits",
    );
    const folder = model.write();
    expect(await refusal(() => readTwinSource(folder))).toMatchObject({ kind: "model", code: "twin-head-quantized" });
  });
});
