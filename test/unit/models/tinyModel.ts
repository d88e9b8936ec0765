import { create } from "@bufbuild/protobuf";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { random } from "../../../src/engine/linalg/random";
import {
  DataType,
  encodeModel,
  makeNode,
  makeValueInfo,
  modelSchema,
  tensorSchema,
  type NodeProto,
  type TensorProto,
  type ValueInfo,
} from "../../../src/engine/models/onnxProto";
import { newFolder } from "./support";

export const hidden = 32;
export const vocabulary = 48;

/** Normal numbers that the same name always gives. */
export function numbers(name: string, count: number, scale = 0.3): Float32Array {
  const source = random(1, name);
  return Float32Array.from({ length: count }, () => source.normal() * scale);
}

export function tensor(
  name: string,
  dims: readonly number[],
  values: Float32Array | Uint8Array | Int8Array | Uint16Array | BigInt64Array,
): TensorProto {
  const type =
    values instanceof Float32Array
      ? DataType.float
      : values instanceof Int8Array
        ? DataType.int8
        : values instanceof Uint16Array
          ? DataType.float16
          : values instanceof BigInt64Array
            ? DataType.int64
            : DataType.uint8;
  const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return create(tensorSchema, { name, dims: dims.map(BigInt), dataType: type, rawData: Uint8Array.from(rawData) });
}

export function microsoft(node: NodeProto): NodeProto {
  node.domain = "com.microsoft";
  return node;
}

/** A decoder written out node by node; `layers` names the values that the search should find. */
export class TinyModel {
  readonly nodes: NodeProto[] = [];
  readonly tensors: TensorProto[] = [];
  inputs: ValueInfo[] = [makeValueInfo("input_ids", DataType.int64, ["batch", "sequence"])];
  outputs: ValueInfo[] = [makeValueInfo("logits", DataType.float)];
  opset = 17n;
  stream = "";
  readonly layers: string[] = [];
  #next = 0;

  /** Adds a node with one output, whose name it gives. */
  add(
    opType: string,
    inputs: readonly string[],
    attributes: Record<string, bigint | number> = {},
    name?: string,
  ): string {
    const output = name ?? `value${this.#next++}`;
    const node = makeNode(opType, inputs, [output], attributes);
    if (/^(Fused|MatMulNBits|MatMulIntegerToFloat|DynamicQuantizeMatMul|GatherBlock)/.test(opType)) microsoft(node);
    this.nodes.push(node);
    return output;
  }

  constant(values: Parameters<typeof tensor>[2], dims: readonly number[], name = `constant${this.#next++}`): string {
    this.tensors.push(tensor(name, dims, values));
    return name;
  }

  scalar(value: number): string {
    return this.constant(Float32Array.of(value), []);
  }

  embed(name = "h0"): void {
    this.stream = this.add(
      "Gather",
      [this.constant(numbers("embedding", vocabulary * hidden, 1), [vocabulary, hidden]), "input_ids"],
      {},
      name,
    );
    this.layers.push(name);
  }

  norm(value: string, name?: string): string {
    return this.add("LayerNormalization", [value, this.constant(numbers("gain", hidden, 1), [hidden])], {}, name);
  }

  attention(value: string): string {
    const keys = this.add("MatMul", [
      value,
      this.constant(numbers(`k${this.#next}`, hidden * hidden), [hidden, hidden]),
    ]);
    const transpose = makeNode("Transpose", [keys], [`transposed${this.#next}`]);
    transpose.attribute.push(...permutation([0, 2, 1]));
    this.nodes.push(transpose);
    const weights = this.add("Softmax", [this.add("MatMul", [value, transpose.output[0]!])], { axis: -1n });
    return this.add("MatMul", [weights, value]);
  }

  mlp(value: string): string {
    const wide = this.add("MatMul", [
      value,
      this.constant(numbers(`w${this.#next}`, hidden * hidden), [hidden, hidden]),
    ]);
    // GELU's sum of a value with its own cube looks like a residual add, but lies in a branch.
    const cube = this.add("Mul", [this.add("Mul", [wide, wide]), wide]);
    return this.add("Tanh", [this.add("Add", [wide, this.add("Mul", [cube, this.scalar(0.04)])])]);
  }

  sum(a: string, b: string, name?: string): string {
    return this.add("Add", [a, b], {}, name);
  }

  /** Final norm and a plain head. */
  finish(): void {
    const f = this.norm(this.stream, "f");
    this.add("MatMul", [f, this.constant(numbers("head", hidden * vocabulary), [hidden, vocabulary])], {}, "logits");
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return encodeModel(
      create(modelSchema, {
        irVersion: 9n,
        opsetImport: [
          { domain: "", version: this.opset },
          { domain: "com.microsoft", version: 1n },
        ],
        graph: { name: "tiny", node: this.nodes, initializer: this.tensors, input: this.inputs, output: this.outputs },
      }),
    );
  }

  /** A folder with the model and its config. */
  write(config: Record<string, unknown> = { num_hidden_layers: this.layers.length - 1 }): string {
    const folder = newFolder();
    mkdirSync(join(folder, "onnx"));
    writeFileSync(join(folder, "onnx/model.onnx"), this.bytes());
    writeFileSync(join(folder, "config.json"), JSON.stringify(config));
    return folder;
  }
}

export function permutation(order: readonly number[]) {
  return create(modelSchema, {
    graph: { node: [{ attribute: [{ name: "perm", type: 7, ints: order.map(BigInt) }] }] },
  }).graph!.node[0]!.attribute;
}

/** Two layers in the usual pre-norm style. */
export function plainModel(): TinyModel {
  const model = new TinyModel();
  model.embed();
  for (let layer = 1; layer <= 2; layer++) {
    const middle = model.sum(model.stream, model.attention(model.norm(model.stream)));
    model.stream = model.sum(middle, model.mlp(model.norm(middle)), `h${layer}`);
    model.layers.push(model.stream);
  }
  return model;
}
