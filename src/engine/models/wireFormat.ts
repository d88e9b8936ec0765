import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { FileWindow } from "./fileWindow";

/** Tensors with at least this many bytes stay on disk; smaller ones (shapes, scales) are needed for reading the graph. */
export const largeTensorBytes = 4096;
/** What remains when the large tensors are left out; graphs of the largest models need a few MiB. */
const maximumRestBytes = 256 << 20;
const maximumDepth = 64;

/** Field numbers of onnx.proto that lead to tensors. */
const field = {
  model: { graph: 7, functions: 25 },
  graph: { node: 1, initializer: 5 },
  node: { attribute: 5 },
  attribute: { graph: 6, graphs: 11 },
  tensor: {
    dataType: 2,
    floatData: 4,
    int64Data: 7,
    rawData: 9,
    doubleData: 10,
    uint64Data: 11,
    externalData: 13,
    dataLocation: 14,
  },
  entry: { key: 1, value: 2 },
} as const;

/** Wire types that are in use; groups (3 and 4) have never been part of ONNX. */
const wire = { varint: 0, bit64: 1, lengthDelimited: 2, bit32: 5 } as const;

type Kind = "model" | "graph" | "node" | "attribute" | "initializer";

const children: Record<Exclude<Kind, "initializer">, ReadonlyMap<number, Kind>> = {
  model: new Map([[field.model.graph, "graph"]]),
  graph: new Map([
    [field.graph.node, "node"],
    [field.graph.initializer, "initializer"],
  ]),
  node: new Map([[field.node.attribute, "attribute"]]),
  attribute: new Map([
    [field.attribute.graph, "graph"],
    [field.attribute.graphs, "graph"],
  ]),
};

/** The bytes are not a protobuf message, or end in the middle of one. */
export class WireFormatError extends Error {
  override readonly name = "WireFormatError";
}

/**
 * Copies a serialised `ModelProto` without its weights: every initializer whose data has at least
 * `largeTensorBytes` becomes `external_data` with `location`, its offset and its length in the file
 * itself. Memory and time depend on the graph, not on the weights.
 *
 * @throws WireFormatError
 */
export function withoutWeights(descriptor: number, size: number, location: string): Uint8Array {
  const walk = new Walk(new FileWindow(descriptor, size), location);
  try {
    return walk.message("model", 0, size, 0);
  } catch (error) {
    if (error instanceof RangeError) throw new WireFormatError("it ends in the middle of a field");
    throw error;
  }
}

interface Field {
  readonly number: number;
  readonly wireType: number;
  /** Of the tag. */
  readonly start: number;
  /** Of the content; for varints and fixed numbers, of the number. */
  readonly content: number;
  readonly end: number;
}

class Walk {
  #kept = 0;

  constructor(
    readonly file: FileWindow,
    readonly location: string,
  ) {}

  message(kind: Kind, start: number, end: number, depth: number): Uint8Array {
    if (depth > maximumDepth) throw new WireFormatError(`it nests more than ${maximumDepth} messages`);
    if (kind === "initializer") return this.#initializer(start, end);
    const out = new BinaryWriter();
    // Runs of fields that are copied as they are.
    let run = start;
    for (const found of this.#fields(start, end)) {
      const child = found.wireType === wire.lengthDelimited ? children[kind].get(found.number) : undefined;
      if (child === undefined) continue;
      if (child !== "graph" && !this.#mayHoldLargeTensor(found)) continue;
      out.raw(this.#copy(run, found.start));
      out.tag(found.number, WireType.LengthDelimited).bytes(this.message(child, found.content, found.end, depth + 1));
      run = found.end;
    }
    out.raw(this.#copy(run, end));
    return out.finish();
  }

  #mayHoldLargeTensor(found: Field): boolean {
    return found.end - found.content >= largeTensorBytes;
  }

  #initializer(start: number, end: number): Uint8Array {
    const data = [...this.#fields(start, end)].filter((f) => this.#isData(f) && this.#mayHoldLargeTensor(f));
    const only = data[0];
    // More than one piece cannot be one stretch of a file: such a tensor is copied.
    if (only === undefined || data.length > 1) return this.#copy(start, end);
    const out = new BinaryWriter();
    out.raw(this.#copy(start, only.start));
    out.raw(this.#copy(only.end, end));
    this.#entry(out, "location", this.location);
    this.#entry(out, "offset", String(only.content));
    this.#entry(out, "length", String(only.end - only.content));
    out.tag(field.tensor.dataLocation, WireType.Varint).int32(1);
    return out.finish();
  }

  /** Packed numbers of a fixed width have the same bytes as `raw_data`. */
  #isData(found: Field): boolean {
    return (
      found.wireType === wire.lengthDelimited &&
      (found.number === field.tensor.rawData ||
        found.number === field.tensor.floatData ||
        found.number === field.tensor.doubleData)
    );
  }

  #entry(out: BinaryWriter, key: string, value: string): void {
    out.tag(field.tensor.externalData, WireType.LengthDelimited).fork();
    out.tag(field.entry.key, WireType.LengthDelimited).string(key);
    out.tag(field.entry.value, WireType.LengthDelimited).string(value);
    out.join();
  }

  #copy(start: number, end: number): Uint8Array {
    this.#kept += end - start;
    if (this.#kept > maximumRestBytes) {
      throw new WireFormatError(`its graph without weights has more than ${maximumRestBytes >> 20} MiB`);
    }
    return this.file.read(start, end - start);
  }

  *#fields(start: number, end: number): Generator<Field> {
    let position = start;
    while (position < end) {
      const tag = this.#varint(position, end);
      const number = Math.floor(tag.value / 8);
      const wireType = tag.value % 8;
      if (number === 0) throw new WireFormatError("a field has number 0");
      let content = tag.end;
      let next: number;
      if (wireType === wire.varint) next = this.#varint(content, end).end;
      else if (wireType === wire.bit64) next = content + 8;
      else if (wireType === wire.bit32) next = content + 4;
      else if (wireType === wire.lengthDelimited) {
        const length = this.#varint(content, end);
        content = length.end;
        next = content + length.value;
      } else throw new WireFormatError(`a field has wire type ${wireType}`);
      if (next > end) throw new WireFormatError("it ends in the middle of a field");
      yield { number, wireType, start: position, content, end: next };
      position = next;
    }
  }

  #varint(position: number, end: number): { readonly value: number; readonly end: number } {
    let value = 0;
    let factor = 1;
    for (let i = 0; i < 10; i++) {
      if (position + i >= end) throw new WireFormatError("it ends in the middle of a number");
      const byte = this.file.byte(position + i);
      value += (byte & 127) * factor;
      if (byte < 128) return { value, end: position + i + 1 };
      factor *= 128;
    }
    throw new WireFormatError("a number has more than ten bytes");
  }
}
