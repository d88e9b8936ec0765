import { describe, expect, it } from "vitest";
import { checkNames } from "../../../src/engine/models/checks";
import { loadModel } from "../../../src/engine/models/loadModel";
import { DataType, makeNode, makeValueInfo } from "../../../src/engine/models/onnxProto";
import { hidden, microsoft, numbers, permutation, plainModel, vocabulary, type TinyModel } from "./tinyModel";
import { distance } from "./support";

const g = numbers("head", vocabulary * hidden);
const b = numbers("bias", vocabulary);

function transposed(values: Float32Array, rows: number, cols: number): Float32Array {
  return Float32Array.from(values, (_, k) => values[(k % rows) * cols + Math.floor(k / rows)]!);
}

const scaled = (values: Float32Array, factor: number) => values.map((x) => x * factor);

interface Head {
  /** Adds the head that turns f into logits. */
  readonly build: (model: TinyModel, f: string) => void;
  /** g, and b where there is one. */
  readonly weight: Float32Array;
  readonly bias?: Float32Array;
  readonly text: string;
  /** Largest relative error of logits = f·g + b. */
  readonly error?: number;
}

/** Integers and their scales that stand for a weight of whole steps: exact, so that every digit can be compared. */
function quantized(levels: number, zero: number) {
  const integers = Uint8Array.from(numbers("levels", vocabulary * hidden, 1), (x) =>
    Math.max(0, Math.min(levels - 1, Math.round(x * levels * 0.2 + levels / 2))),
  );
  const rowScales = Float32Array.from(numbers("scales", vocabulary, 1), (x) => 2 ** -6 * (1 + Math.abs(x)));
  const perRow = Float32Array.from(integers, (q, k) => (q - zero) * rowScales[Math.floor(k / hidden)]!);
  return { integers, rowScales, perRow };
}

const gemm = (m: TinyModel, f: string, weight: string, bias: string, attributes: Record<string, number | bigint>) => {
  const flat = m.add("Reshape", [f, m.constant(BigInt64Array.of(-1n, BigInt(hidden)), [2])]);
  const product = m.add("Gemm", [flat, weight, bias], attributes);
  const shape = m.add("Concat", [m.add("Shape", ["input_ids"]), m.constant(BigInt64Array.of(-1n), [1])], { axis: 0n });
  m.add("Reshape", [product, shape], {}, "logits");
};

const heads: Record<string, Head> = {
  "MatMul with a bias and a scale": {
    build: (m, f) => {
      const product = m.add("MatMul", [f, m.constant(transposed(g, vocabulary, hidden), [hidden, vocabulary])]);
      m.add("Mul", [m.add("Add", [m.constant(b, [vocabulary]), product]), m.scalar(0.25)], {}, "logits");
    },
    weight: scaled(g, 0.25),
    bias: scaled(b, 0.25),
    text: "MatMul, with a bias",
  },
  "Gemm with alpha and beta, on rows": {
    build: (m, f) =>
      gemm(m, f, m.constant(g, [vocabulary, hidden]), m.constant(b, [vocabulary]), { transB: 1n, alpha: 2, beta: 0.5 }),
    weight: scaled(g, 2),
    bias: scaled(b, 0.5),
    text: "Gemm",
  },
  "Gemm that is not transposed": {
    build: (m, f) =>
      gemm(m, f, m.constant(transposed(g, vocabulary, hidden), [hidden, vocabulary]), m.constant(b, [vocabulary]), {}),
    weight: g,
    bias: b,
    text: "Gemm",
  },
  "FusedMatMul, tied to the embedding": {
    build: (m, f) => void m.add("FusedMatMul", [f, m.tensors[0]!.name], { transB: 1n, alpha: 0.5 }, "logits"),
    weight: scaled(numbers("embedding", vocabulary * hidden, 1), 0.5),
    text: "FusedMatMul, tied to the embedding",
  },
  "tied through a Transpose": {
    build: (m, f) => {
      const node = makeNode("Transpose", [m.tensors[0]!.name], ["turned"]);
      node.attribute.push(...permutation([1, 0]));
      m.nodes.push(node);
      m.add("MatMul", [f, "turned"], {}, "logits");
    },
    weight: numbers("embedding", vocabulary * hidden, 1),
    text: "MatMul, tied to the embedding",
  },
  "a mask over tokens": {
    build: (m, f) => {
      const product = m.add("MatMul", [f, m.constant(transposed(g, vocabulary, hidden), [hidden, vocabulary])]);
      const allowed = Uint8Array.from({ length: vocabulary }, (_, i) => (i % 5 === 0 ? 0 : 1));
      const mask = m.constant(allowed, [vocabulary]);
      m.tensors.at(-1)!.dataType = DataType.bool;
      m.add("Where", [mask, product, m.scalar(-1e9)], {}, "logits");
    },
    weight: g,
    text: "MatMul",
  },
  "the last token selected before the head": {
    build: (m, f) => {
      const last = m.add("Gather", [f, m.constant(BigInt64Array.of(-1n), [1])], { axis: 1n });
      m.add("MatMul", [last, m.constant(transposed(g, vocabulary, hidden), [hidden, vocabulary])], {}, "logits");
    },
    weight: g,
    text: "MatMul",
  },
  "a static dequantisation per column": {
    build: (m, f) => {
      const { integers, rowScales } = quantized(256, 128);
      const stored = Uint8Array.from(
        integers,
        (_, k) => integers[(k % vocabulary) * hidden + Math.floor(k / vocabulary)]!,
      );
      const weight = m.add(
        "DequantizeLinear",
        [
          m.constant(stored, [hidden, vocabulary]),
          m.constant(rowScales, [vocabulary]),
          m.constant(new Uint8Array(vocabulary).fill(128), [vocabulary]),
        ],
        { axis: 1n },
      );
      m.add("MatMul", [f, weight], {}, "logits");
    },
    weight: quantized(256, 128).perRow,
    text: "MatMul",
  },
  "a static dequantisation of rows, transposed": {
    build: (m, f) => {
      const { integers, rowScales } = quantized(256, 128);
      const weight = m.add(
        "DequantizeLinear",
        [
          m.constant(integers, [vocabulary, hidden]),
          m.constant(rowScales, [vocabulary]),
          m.constant(new Uint8Array(vocabulary).fill(128), [vocabulary]),
        ],
        { axis: 0n },
      );
      const node = makeNode("Transpose", [weight], ["turned"]);
      node.attribute.push(...permutation([1, 0]));
      m.nodes.push(node);
      m.add("MatMul", [f, "turned"], {}, "logits");
    },
    weight: quantized(256, 128).perRow,
    text: "MatMul",
  },
  "MatMulNBits, 8 bits": {
    build: (m, f) => {
      const { integers, rowScales } = quantized(256, 128);
      m.add(
        "MatMulNBits",
        [
          f,
          m.constant(integers, [vocabulary, 2, 16]),
          m.constant(
            Float32Array.from({ length: vocabulary * 2 }, (_, i) => rowScales[i >> 1]!),
            [vocabulary * 2],
          ),
        ],
        { K: BigInt(hidden), N: BigInt(vocabulary), bits: 8n, block_size: 16n },
        "logits",
      );
    },
    weight: quantized(256, 128).perRow,
    text: "MatMulNBits",
  },
  "MatMulNBits, 4 bits, with zero points": {
    build: (m, f) => {
      const { integers, rowScales } = quantized(16, 5);
      const packed = Uint8Array.from(
        { length: integers.length / 2 },
        (_, i) => integers[2 * i]! | (integers[2 * i + 1]! << 4),
      );
      m.add(
        "MatMulNBits",
        [
          f,
          m.constant(packed, [vocabulary, 2, 8]),
          m.constant(
            Float32Array.from({ length: vocabulary * 2 }, (_, i) => rowScales[i >> 1]!),
            [vocabulary * 2],
          ),
          m.constant(new Uint8Array(vocabulary).fill(0x55), [vocabulary]),
        ],
        { K: BigInt(hidden), N: BigInt(vocabulary), bits: 4n, block_size: 16n },
        "logits",
      );
    },
    weight: quantized(16, 5).perRow,
    text: "MatMulNBits",
  },
  DynamicQuantizeMatMul: {
    build: (m, f) => {
      const { integers } = quantized(256, 128);
      const stored = Uint8Array.from(
        integers,
        (_, k) => integers[(k % vocabulary) * hidden + Math.floor(k / vocabulary)]!,
      );
      m.add(
        "DynamicQuantizeMatMul",
        [
          f,
          m.constant(stored, [hidden, vocabulary]),
          m.scalar(2 ** -6),
          m.constant(Uint8Array.of(128), []),
          m.constant(b, [vocabulary]),
        ],
        {},
        "logits",
      );
    },
    weight: Float32Array.from(quantized(256, 128).integers, (q) => (q - 128) * 2 ** -6),
    bias: b,
    text: "DynamicQuantizeMatMul",
    error: 2e-2,
  },
  MatMulIntegerToFloat: {
    build: (m, f) => {
      const { integers } = quantized(256, 128);
      const stored = Uint8Array.from(
        integers,
        (_, k) => integers[(k % vocabulary) * hidden + Math.floor(k / vocabulary)]!,
      );
      m.nodes.push(makeNode("DynamicQuantizeLinear", [f], ["fq", "fs", "fz"]));
      const node = microsoft(
        makeNode(
          "MatMulIntegerToFloat",
          [
            "fq",
            m.constant(stored, [hidden, vocabulary]),
            "fs",
            m.scalar(2 ** -6),
            "fz",
            m.constant(Uint8Array.of(128), []),
            m.constant(b, [vocabulary]),
          ],
          ["logits"],
        ),
      );
      m.nodes.push(node);
    },
    weight: Float32Array.from(quantized(256, 128).integers, (q) => (q - 128) * 2 ** -6),
    bias: b,
    text: "MatMulIntegerToFloat",
    error: 2e-2,
  },
  "binary16 logits": {
    build: (m, f) => {
      const product = m.add("MatMul", [f, m.constant(transposed(g, vocabulary, hidden), [hidden, vocabulary])]);
      m.add("Cast", [product], { to: BigInt(DataType.float16) }, "logits");
      m.outputs = [makeValueInfo("logits", DataType.float16)];
    },
    weight: g,
    text: "MatMul",
    error: 1e-3,
  },
  "logits of padding rows cut off": {
    build: (m, f) => {
      const product = m.add("MatMul", [f, m.constant(transposed(g, vocabulary, hidden), [hidden, vocabulary])]);
      const at = (value: bigint) => m.constant(BigInt64Array.of(value), [1]);
      m.add("Slice", [product, at(0n), at(40n), at(2n)], {}, "logits");
    },
    weight: g.slice(0, 40 * hidden),
    text: "MatMul",
  },
};

describe("output projections", () => {
  it.each(Object.entries(heads))("%s", async (_, { build, weight, bias, text, error = 1e-5 }) => {
    const model = plainModel();
    build(model, model.norm(model.stream, "f"));
    const loaded = await loadModel(model.write());
    expect(loaded.description.head).toBe(text);
    expect(distance(loaded.head.weight, weight)).toBeLessThan(1e-6);
    if (bias === undefined) expect(loaded.head.bias).toBeNull();
    else expect(distance(loaded.head.bias!, bias)).toBeLessThan(1e-6);
    expect(loaded.head).toMatchObject({ hidden, vocabulary: weight.length / hidden, softCap: null });
    const value = (name: string) => loaded.description.checks.find((c) => c.name === name)?.value;
    expect(value(checkNames.edited)).toBe(0);
    expect(value(checkNames.head)).toBeLessThan(error);
    expect(loaded.description.layers).toBe(2);
    await loaded.hidden.session.release();
  });

  it("are checked: a head that adds what is not its bias is refused", async () => {
    const model = plainModel();
    const f = model.norm(model.stream, "f");
    const product = model.add("MatMul", [f, model.constant(transposed(g, vocabulary, hidden), [hidden, vocabulary])]);
    // Not linear in f: Tanh, then a bias.
    model.add("Add", [model.add("Tanh", [product]), model.constant(b, [vocabulary])], {}, "logits");
    await expect(loadModel(model.write())).rejects.toMatchObject({
      problems: [{ kind: "model", code: "model-head-weight" }],
    });
  });

  it("that quantise what enters them are used with a warning where that matters", async () => {
    const model = plainModel();
    // One large number, which the head does not look at, leaves few levels for the others.
    const gain = numbers("gain", hidden, 1).map((x, k) => (k === 0 ? 500 : x));
    const f = model.add("LayerNormalization", [model.stream, model.constant(gain, [hidden])]);
    const stored = quantized(256, 128).integers.map((q, i) => (i < vocabulary ? 128 : q));
    model.add(
      "DynamicQuantizeMatMul",
      [f, model.constant(stored, [hidden, vocabulary]), model.scalar(2 ** -6), model.constant(Uint8Array.of(128), [])],
      {},
      "logits",
    );
    const { description, hidden: states } = await loadModel(model.write());
    await states.session.release();
    const { ok, value } = description.checks.find(({ name }) => name === checkNames.head)!;
    expect(ok).toBe(false);
    expect(value).toBeGreaterThan(0.05);
    expect(description.warnings!.map(({ code }) => code)).toEqual(["head-quantizes-activations"]);
    expect(description.notes).toContain(description.warnings![0]!.message);
  });
});
