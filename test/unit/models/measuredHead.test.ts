import { describe, expect, it } from "vitest";
import { checkNames } from "../../../src/engine/models/checks";
import { loadModel } from "../../../src/engine/models/loadModel";
import { blockSize } from "../../../src/engine/models/measuredHead";
import { Cancelled } from "../../../src/engine/models/modelProblem";
import { DataType, makeNode, makeValueInfo } from "../../../src/engine/models/onnxProto";
import { distance } from "./support";
import { hidden, microsoft, numbers, permutation, plainModel, vocabulary, type TinyModel } from "./tinyModel";

const bias = numbers("bias", vocabulary);

interface Known {
  /** g of what a head was built with, [vocabulary, hidden]. */
  readonly weight: Float32Array;
  /** The value in the graph that holds gᵀ, [hidden, vocabulary]. */
  readonly value: string;
}

const transposed = (value: (row: number, k: number) => number) =>
  Float32Array.from({ length: vocabulary * hidden }, (_, i) => value(Math.floor(i / hidden), i % hidden));

/** gᵀ = U V with 8 columns in between. */
function factors(model: TinyModel): Known {
  const u = numbers("u", hidden * 8, 1);
  const v = numbers("v", 8 * vocabulary, 1);
  const product = (row: number, k: number) =>
    Array.from({ length: 8 }, (_, i) => u[k * 8 + i]! * v[i * vocabulary + row]!).reduce((a, b) => a + b, 0);
  return {
    weight: transposed(product),
    value: model.add("MatMul", [model.constant(u, [hidden, 8]), model.constant(v, [8, vocabulary])]),
  };
}

const block = 16;
const integers = Uint8Array.from(numbers("integers", hidden * vocabulary, 40), (x) =>
  Math.max(0, Math.min(255, Math.round(128 + x))),
);

/** (q − zero) · scale in blocks along the hidden size, as nodes of their own. */
function blocks(model: TinyModel): Known {
  const groups = hidden / block;
  const scales = numbers("scales", groups * vocabulary, 1).map((x) => 2 ** -7 * (1 + Math.abs(x)));
  const shape = [groups, block, vocabulary];
  const quantized = model.add("Cast", [model.constant(integers, shape)], { to: BigInt(DataType.float) });
  const centred = model.add("Sub", [quantized, model.scalar(128)]);
  const scaled = model.add("Mul", [centred, model.constant(scales, [groups, 1, vocabulary])]);
  const wanted = model.constant(BigInt64Array.of(BigInt(hidden), BigInt(vocabulary)), [2]);
  return {
    weight: transposed(
      (row, k) => (integers[k * vocabulary + row]! - 128) * scales[Math.floor(k / block) * vocabulary + row]!,
    ),
    value: model.add("Reshape", [scaled, wanted]),
  };
}

/** Dequantised after it was transposed, so that the axis of the scales is not that of the stored matrix. */
function transposedFirst(model: TinyModel): Known {
  const scales = numbers("scales", vocabulary, 1).map((x) => 2 ** -7 * (1 + Math.abs(x)));
  const turned = makeNode("Transpose", [model.constant(integers, [vocabulary, hidden])], ["turned"]);
  turned.attribute.push(...permutation([1, 0]));
  model.nodes.push(turned);
  const zeros = model.constant(new Uint8Array(vocabulary).fill(128), [vocabulary]);
  return {
    weight: transposed((row, k) => (integers[row * hidden + k]! - 128) * scales[row]!),
    value: model.add("DequantizeLinear", ["turned", model.constant(scales, [vocabulary]), zeros], { axis: 1n }),
  };
}

/** Numbers of eight bits with an exponent: sign, 4 bits, 3 bits, bias 7. */
function float8(model: TinyModel): Known {
  model.opset = 19n;
  const codes = Uint8Array.from(integers, (q) => ((q & 0x7f) % 0x7f) | (q & 0x80));
  const number = (code: number) => {
    const [exponent, fraction] = [(code >> 3) & 15, code & 7];
    const size = exponent === 0 ? fraction * 2 ** -9 : (1 + fraction / 8) * 2 ** (exponent - 7);
    return code & 0x80 ? -size : size;
  };
  const stored = model.constant(codes, [hidden, vocabulary]);
  model.tensors.at(-1)!.dataType = 17;
  return {
    weight: transposed((row, k) => number(codes[k * vocabulary + row]!) * 0.0625),
    value: model.add("DequantizeLinear", [stored, model.scalar(0.0625)]),
  };
}

const weights = { factors, blocks, transposedFirst, float8 };

interface Tail {
  /** From f to the logits, by gᵀ. */
  readonly build: (model: TinyModel, f: string, value: string) => void;
  readonly scale?: number;
  readonly bias?: Float32Array;
  readonly softCap?: number;
}

const tails: Record<string, Tail> = {
  alone: { build: (m, f, value) => void m.add("MatMul", [f, value], {}, "logits") },
  "with a bias, a scale and a soft-cap": {
    build: (m, f, value) => {
      const product = m.add("Add", [m.add("MatMul", [f, value]), m.constant(bias, [vocabulary])]);
      const capped = m.add("Tanh", [m.add("Div", [m.add("Mul", [product, m.scalar(0.5)]), m.scalar(30)])]);
      m.add("Mul", [capped, m.scalar(30)], {}, "logits");
    },
    scale: 0.5,
    bias: bias.map((x) => x * 0.5),
    softCap: 30,
  },
  "after the last token was selected, with a mask": {
    build: (m, f, value) => {
      const last = m.add("Gather", [f, m.constant(BigInt64Array.of(-1n), [1])], { axis: 1n });
      const allowed = Uint8Array.from({ length: vocabulary }, (_, i) => (i % 5 === 0 ? 0 : 1));
      const mask = m.constant(allowed, [vocabulary]);
      m.tensors.at(-1)!.dataType = DataType.bool;
      m.add("Where", [mask, m.add("MatMul", [last, value]), m.scalar(-1e9)], {}, "logits");
    },
  },
  "on rows": {
    build: (m, f, value) => {
      const rows = m.add("Reshape", [f, m.constant(BigInt64Array.of(-1n, BigInt(hidden)), [2])]);
      const product = m.add("Gemm", [rows, value, m.constant(bias, [vocabulary])], { alpha: 2 });
      const end = m.constant(BigInt64Array.of(-1n), [1]);
      m.add("Reshape", [product, m.add("Concat", [m.add("Shape", ["input_ids"]), end], { axis: 0n })], {}, "logits");
    },
    scale: 2,
    bias,
  },
};

const cases = Object.entries(weights).flatMap(([weight, make]) =>
  Object.entries(tails).map(([tail, made]) => ({ weight, tail, make, made })),
);

describe("a head whose weight cannot be read", () => {
  it.each(cases)("$weight, $tail: g is measured", async ({ make, made: { build, ...expected } }) => {
    const model = plainModel();
    const f = model.norm(model.stream, "f");
    const { weight, value } = make(model);
    build(model, f, value);
    const { description, head, hidden: states } = await loadModel(model.write());
    await states.session.release();
    const largest = Math.max(...weight.map(Math.abs));
    const scale = expected.scale ?? 1;
    const reference = weight.map((x) => x * scale);
    // 2⁻²⁴ of the sum with the bias, that is subtracted again.
    expect(distance(head.weight, reference)).toBeLessThan(2 ** -22 * (largest + 1) * Math.max(1, scale));
    if (expected.bias === undefined) expect(head.bias).toBeNull();
    else expect(distance(head.bias!, expected.bias)).toBeLessThan(1e-6);
    expect(head).toMatchObject({ hidden, vocabulary });
    if (expected.softCap === undefined) expect(head.softCap).toBeNull();
    else expect(head.softCap).toBeCloseTo(expected.softCap, 5);
    expect(description.head).toMatch(/, measured$/);
    expect(description.warnings).toEqual([
      { code: "head-measured", message: expect.stringContaining("basis") as string },
    ]);
    const check = description.checks.find(({ name }) => name === checkNames.head)!;
    expect(check.ok).toBe(true);
    expect(check.value).toBeLessThan(1e-5);
  });

  it("of an operator that quantises in blocks of normal-float numbers", async () => {
    const levels = [
      -1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334,
      -0.09105003625154495, 0, 0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
      0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1,
    ];
    const codes = integers.map((q) => q % 16);
    const packed = Uint8Array.from({ length: codes.length / 2 }, (_, i) => (codes[2 * i]! << 4) | codes[2 * i + 1]!);
    const largest = numbers("absmax", codes.length / 32, 1).map((x) => 0.5 + Math.abs(x));
    const model = plainModel();
    const f = model.norm(model.stream, "f");
    model.nodes.push(
      microsoft(
        makeNode(
          "MatMulBnb4",
          [f, model.constant(packed, [packed.length]), model.constant(largest, [largest.length])],
          ["logits"],
          { K: BigInt(hidden), N: BigInt(vocabulary), block_size: 32n, quant_type: 1n },
        ),
      ),
    );
    const { description, head, hidden: states } = await loadModel(model.write({ num_hidden_layers: 2 }));
    await states.session.release();
    const expected = Float32Array.from(codes, (code, i) => levels[code]! * largest[Math.floor(i / 32)]!);
    expect(distance(head.weight, expected)).toBeLessThan(1e-6);
    expect(description).toMatchObject({ head: "MatMulBnb4, measured", dtype: "q4", vocabularySize: vocabulary });
  });

  it("is refused where what follows is not linear", async () => {
    const model = plainModel();
    const f = model.norm(model.stream, "f");
    const product = model.add("MatMul", [f, factors(model).value]);
    model.add("Add", [model.add("Tanh", [product]), model.constant(bias, [vocabulary])], {}, "logits");
    await expect(loadModel(model.write())).rejects.toMatchObject({
      problems: [{ kind: "model", code: "model-head-weight" }],
    });
  });

  it("is measured vector by vector where the graph takes one prompt at a time", async () => {
    const model = plainModel();
    model.inputs = [makeValueInfo("input_ids", DataType.int64, [1, "sequence"])];
    const { weight, value } = blocks(model);
    tails["on rows"]!.build(model, model.norm(model.stream, "f"), value);
    const { head, hidden: states } = await loadModel(model.write());
    await states.session.release();
    const expected = weight.map((x) => 2 * x);
    expect(distance(head.weight, expected)).toBeLessThan(1e-6);
  });

  it("is not opened when that is cancelled", async () => {
    const model = plainModel();
    const f = model.norm(model.stream, "f");
    model.add("MatMul", [f, factors(model).value], {}, "logits");
    const folder = model.write();
    const controller = new AbortController();
    const loading = loadModel(folder, { signal: controller.signal });
    setImmediate(() => controller.abort());
    await expect(loading).rejects.toBeInstanceOf(Cancelled);
  });
});

describe("basis vectors", () => {
  it("are fed so many at a time that the products have 16 MiB, and at least one", () => {
    for (const rows of [48, 1000, 32_000, 151_936, 262_144, 5e6]) {
      const size = blockSize(rows, 1e9);
      expect(size).toBeGreaterThan(0);
      expect(size === 1 || size * rows * 4 <= 16 << 20).toBe(true);
      expect((size + 1) * rows * 4).toBeGreaterThan(16 << 20);
    }
    expect(blockSize(48, 1)).toBe(1);
  });
});
