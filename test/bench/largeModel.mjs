/**
 * Writes a model of 1 GiB in a single file, piece by piece: pre-norm layers of attention and an MLP over a
 * residual stream, with a tied head, in float32.
 */
import { Buffer } from "node:buffer";
import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

const hidden = 1024;
const layers = 18;
const vocabulary = 40_960;
/** 12 d² for every layer, and the embedding. */
export const weightBytes = 4 * (layers * 12 * hidden ** 2 + vocabulary * hidden);

/** @param onnx `onnxProto` and `create` of the product's own protobuf code */
export function writeLargeModel(folder, { create, makeNode, makeValueInfo, toBinary, graphSchema, tensorSchema }) {
  const nodes = [];
  /** Name, dims and what the numbers are. */
  const tensors = [];
  let next = 0;
  const add = (type, inputs, attributes = {}, output = `value${next++}`) => {
    nodes.push(makeNode(type, inputs, [output], attributes));
    return output;
  };
  const tensor = (dims, scale) => {
    const name = `weight${next++}`;
    tensors.push({ name, dims, scale });
    return name;
  };
  const linear = (value, from, to) => add("MatMul", [value, tensor([from, to], from ** -0.5)]);
  const gain = tensor([hidden], 0);
  const norm = (value, output) => add("LayerNormalization", [value, gain], {}, output);

  const embedding = tensor([vocabulary, hidden], 1);
  let stream = add("Gather", [embedding, "input_ids"]);
  for (let layer = 0; layer < layers; layer++) {
    const x = norm(stream);
    const [query, key, value] = [1, 2, 3].map(() => linear(x, hidden, hidden));
    const scores = add("MatMul", [query, add("Transpose", [key], { perm: [0n, 2n, 1n] })]);
    const mixed = add("MatMul", [add("Softmax", [scores], { axis: -1n }), value]);
    stream = add("Add", [stream, linear(mixed, hidden, hidden)]);
    const wide = add("Relu", [linear(norm(stream), hidden, 4 * hidden)]);
    stream = add("Add", [stream, linear(wide, 4 * hidden, hidden)]);
  }
  const f = norm(stream, "f");
  add("MatMul", [f, add("Transpose", [embedding], { perm: [1n, 0n] })], {}, "logits");

  const graph = toBinary(
    graphSchema,
    create(graphSchema, {
      name: "large",
      node: nodes,
      input: [makeValueInfo("input_ids", 7, ["batch", "sequence"])],
      output: [makeValueInfo("logits", 1, ["batch", "sequence", vocabulary])],
    }),
  );
  const heads = tensors.map(({ name, dims }) => {
    const bytes = 4 * dims.reduce((a, b) => a * b, 1);
    const fields = toBinary(tensorSchema, create(tensorSchema, { name, dims: dims.map(BigInt), dataType: 1 }));
    const content = Buffer.concat([fields, tag(9), varint(bytes)]);
    return { bytes, head: Buffer.concat([tag(5), varint(content.length + bytes), content]) };
  });
  const size = graph.length + heads.reduce((sum, { bytes, head }) => sum + bytes + head.length, 0);
  // ir_version 8, opset_import { version 17 }, then the graph: fields of a message may come in any order.
  const start = Buffer.concat([
    Buffer.from([0x08, 8]),
    tag(8),
    varint(2),
    Buffer.from([0x10, 17]),
    tag(7),
    varint(size),
  ]);
  const path = join(folder, "model.onnx");
  const file = openSync(path, "w");
  try {
    writeSync(file, start);
    writeSync(file, graph);
    heads.forEach(({ bytes, head }, i) => {
      writeSync(file, head);
      writeNumbers(file, bytes, tensors[i].scale);
    });
  } finally {
    closeSync(file);
  }
  writeFileSync(join(folder, "config.json"), JSON.stringify({ num_hidden_layers: layers, vocab_size: vocabulary }));
  writeFileSync(join(folder, "tokenizer.json"), JSON.stringify(tokenizer));
  return path;
}

const tokenizer = {
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: { type: "Whitespace" },
  post_processor: null,
  decoder: null,
  model: { type: "WordLevel", unk_token: "a", vocab: { a: 0, b: 1 } },
};

let state = 1;

/**
 * Numbers of mean 0 and the standard deviation given, or ones where that is 0. No two tensors have the same
 * numbers: onnxruntime keeps equal weights only once.
 */
function writeNumbers(file, bytes, scale) {
  const width = Math.sqrt(12) * scale;
  const chunk = new Float32Array(1 << 20);
  for (let left = bytes; left > 0; left -= chunk.byteLength) {
    for (let i = 0; i < chunk.length; i++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      chunk[i] = scale === 0 ? 1 : (state / 2 ** 32 - 0.5) * width;
    }
    writeSync(file, new Uint8Array(chunk.buffer), 0, Math.min(left, chunk.byteLength));
  }
}

/** Tag of a field with a length. */
const tag = (field) => Buffer.from([(field << 3) | 2]);

function varint(value) {
  const bytes = [];
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return Buffer.from([...bytes, left]);
    bytes.push((left % 128) | 128);
  }
}
