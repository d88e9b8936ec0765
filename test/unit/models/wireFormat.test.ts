import { create } from "@bufbuild/protobuf";
import { closeSync, openSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readModelFile } from "../../../src/engine/models/modelFile";
import {
  DataType,
  decodeModel,
  encodeModel,
  makeNode,
  modelSchema,
  tensorSchema,
} from "../../../src/engine/models/onnxProto";
import { tensorNumbers } from "../../../src/engine/models/tensorData";
import { largeTensorBytes, withoutWeights } from "../../../src/engine/models/wireFormat";
import { ProblemError } from "../../../src/protocol/problem";
import { graphs, newFolder } from "./support";

const folder = newFolder();
const path = join(folder, "model.onnx");

/** Float tensors in the two ways that a file may hold them. */
function tensorOf(values: Float32Array, name: string, typed: boolean) {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return create(tensorSchema, {
    name,
    dataType: DataType.float,
    dims: [BigInt(values.length)],
    ...(typed ? { floatData: [...values] } : { rawData: bytes }),
  });
}

const values = fc
  .oneof(
    fc.integer({ min: 0, max: 40 }),
    fc.integer({ min: largeTensorBytes / 4 - 2, max: largeTensorBytes / 4 + 2 }),
    fc.constant(5000),
  )
  .chain((length) => fc.float32Array({ minLength: length, maxLength: length, noNaN: true }));

const models = fc.array(fc.tuple(values, fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 6 }).map((tensors) => {
  const inner = create(modelSchema, {
    irVersion: 8n,
    graph: {
      name: "g",
      node: [makeNode("Identity", ["t0"], ["out"])],
      initializer: tensors.filter(([, , nested]) => !nested).map(([v, typed], i) => tensorOf(v, `t${i}`, typed)),
    },
  });
  const subgraph = tensors.filter(([, , nested]) => nested).map(([v, typed], i) => tensorOf(v, `s${i}`, typed));
  const node = makeNode("If", ["condition"], ["z"]);
  node.attribute.push(
    ...create(modelSchema, {
      graph: { node: [{ attribute: [{ name: "then_branch", type: 5, g: { name: "b", initializer: subgraph } }] }] },
    }).graph!.node[0]!.attribute,
  );
  inner.graph!.node.push(node);
  return { model: inner, tensors };
});

function walk(file: string): Uint8Array {
  const descriptor = openSync(file, "r");
  try {
    return withoutWeights(descriptor, statSync(file).size, "");
  } finally {
    closeSync(descriptor);
  }
}

describe("leaving weights in the file", () => {
  it("gives back every number of random tensors, in the graph and in subgraphs", () => {
    fc.assert(
      fc.property(models, ({ model, tensors }) => {
        const bytes = encodeModel(model);
        writeFileSync(path, bytes);
        const { graph } = readModelFile(path).proto;
        const branch = graph.node[1]!.attribute[0]!.g!;
        const read = [...graph.initializer, ...branch.initializer];
        const written = [...tensors.filter(([, , n]) => !n), ...tensors.filter(([, , n]) => n)];
        expect(read.length).toBe(written.length);
        read.forEach((tensor, i) => {
          const [numbers] = written[i]!;
          expect(tensor.dataLocation === 1).toBe(numbers.byteLength >= largeTensorBytes);
          expect([...tensorNumbers(tensor, folder)]).toEqual([...numbers]);
        });
      }),
      { numRuns: 60 },
    );
  });

  it("changes nothing but the large tensors", () => {
    const source = readFileSync(join(graphs, "llama_merged/model.onnx"));
    const small = decodeModel(walk(join(graphs, "llama_merged/model.onnx")));
    const whole = decodeModel(source);
    expect(small.graph!.initializer.some((t) => t.dataLocation === 1)).toBe(true);
    for (const model of [small, whole]) {
      for (const tensor of model.graph!.initializer) {
        if (tensor.dataLocation !== 1 && tensor.rawData.length < largeTensorBytes) continue;
        tensor.rawData = new Uint8Array();
        tensor.externalData = [];
        tensor.dataLocation = 0;
      }
    }
    expect(encodeModel(small)).toEqual(encodeModel(whole));
  });

  it("reads little of a large file", () => {
    // 3 GiB of zeros as raw_data, without a byte of it on disk.
    const length = 3 * 2 ** 30;
    const varint = (n: number): number[] => (n < 128 ? [n] : [(n % 128) + 128, ...varint(Math.floor(n / 128))]);
    const field = (number: number, n: number) => [...varint(number * 8 + 2), ...varint(n)];
    const shape = [0x08, ...varint(length / 4), 0x10, 1];
    const raw = field(9, length);
    const tensor = field(5, shape.length + raw.length + length);
    const head = [...field(7, tensor.length + shape.length + raw.length + length), ...tensor, ...shape, ...raw];
    const big = join(folder, "big.onnx");
    writeFileSync(big, Uint8Array.from(head));
    truncateSync(big, head.length + length);
    const before = process.memoryUsage().rss;
    const [found] = decodeModel(walk(big)).graph!.initializer;
    expect(process.memoryUsage().rss - before).toBeLessThan(64 << 20);
    expect(Object.fromEntries(found!.externalData.map((e) => [e.key, e.value]))).toEqual({
      location: "",
      offset: String(head.length),
      length: String(length),
    });
  });
});

describe("damaged files", () => {
  const source = readFileSync(join(graphs, "genai_q4f16/model.onnx"));

  /** Reads or is refused; nothing else. */
  const readOrRefused = (bytes: Uint8Array): string => {
    writeFileSync(path, bytes);
    try {
      readModelFile(path);
      return "read";
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      expect(error.problems[0]!.kind).toBe("model");
      return error.problems[0]!.code;
    }
  };

  it("are refused wherever they are cut off", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: source.length - 1 }), (length) => {
        expect(readOrRefused(source.subarray(0, length))).toMatch(/model-not-onnx|model-no-nodes|read/);
      }),
      { numRuns: 150 },
    );
    expect(readOrRefused(source)).toBe("read");
    expect(readOrRefused(source.subarray(0, source.length >> 1))).toBe("model-not-onnx");
  });

  it("never crash the reader, whatever bytes are changed", () => {
    const edit = fc.tuple(fc.integer({ min: 0, max: source.length - 1 }), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 8 }), (edits) => {
        const bytes = Uint8Array.from(source);
        for (const [at, value] of edits) bytes[at] = value;
        expect(readOrRefused(bytes)).toMatch(/^(read|model-)/);
      }),
      { numRuns: 200 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readOrRefused(bytes)),
      { numRuns: 300 },
    );
  });
});
