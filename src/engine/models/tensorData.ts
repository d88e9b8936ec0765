import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { readFully } from "./fileWindow";
import { DataType, type TensorProto } from "./onnxProto";

/** Bits of one element, for the types that weights come in. */
const elementBits: Readonly<Partial<Record<number, number>>> = {
  [DataType.float]: 32,
  [DataType.uint8]: 8,
  [DataType.int8]: 8,
  [DataType.uint16]: 16,
  [DataType.int16]: 16,
  [DataType.int32]: 32,
  [DataType.int64]: 64,
  [DataType.bool]: 8,
  [DataType.float16]: 16,
  [DataType.double]: 64,
  [DataType.uint32]: 32,
  [DataType.uint64]: 64,
  [DataType.bfloat16]: 16,
  [DataType.uint4]: 4,
  [DataType.int4]: 4,
};

export const isExternal = (tensor: TensorProto): boolean => tensor.dataLocation === 1;

export const externalEntry = (tensor: TensorProto, key: string): string | undefined =>
  tensor.externalData.find((e) => e.key === key)?.value;

export const shapeOf = (tensor: TensorProto): number[] => tensor.dims.map(Number);

export const elementCount = (tensor: TensorProto): number => shapeOf(tensor).reduce((a, b) => a * b, 1);

/** Whether `tensorNumbers` understands the elements. */
export function isNumeric({ dataType }: TensorProto): boolean {
  return elementBits[dataType] !== undefined && dataType !== DataType.uint32 && dataType !== DataType.uint64;
}

/** Bytes of the packed elements. @throws RangeError for types that weights do not come in. */
export function byteLength(tensor: TensorProto): number {
  const bits = elementBits[tensor.dataType];
  if (bits === undefined) throw new RangeError(`element type ${tensor.dataType} is not supported`);
  return Math.ceil((elementCount(tensor) * bits) / 8);
}

/**
 * The elements as they lie in memory, little-endian.
 * @param folder what `location`s of external data are relative to
 * @throws RangeError where the data is not as long as the shape says.
 */
export function tensorBytes(tensor: TensorProto, folder: string): Uint8Array<ArrayBuffer> {
  const expected = byteLength(tensor);
  if (isExternal(tensor)) {
    const out = new Uint8Array(expected);
    const descriptor = openSync(join(folder, externalEntry(tensor, "location") ?? ""), "r");
    try {
      readFully(descriptor, out, Number(externalEntry(tensor, "offset") ?? 0));
    } finally {
      closeSync(descriptor);
    }
    return out;
  }
  const bytes = tensor.rawData.length > 0 ? Uint8Array.from(tensor.rawData) : typedFields(tensor);
  if (bytes.length < expected) {
    throw new RangeError(`tensor "${tensor.name}" has ${bytes.length} bytes, its shape needs ${expected}`);
  }
  return bytes.subarray(0, expected);
}

/** Float32 values; 4-bit types are not numbers here (see `unpackNibbles`). @throws RangeError */
export function tensorNumbers(tensor: TensorProto, folder: string): Float32Array {
  const bytes = tensorBytes(tensor, folder);
  const { buffer, byteOffset } = bytes;
  const count = elementCount(tensor);
  switch (tensor.dataType) {
    case DataType.float:
      return new Float32Array(buffer, byteOffset, count);
    case DataType.double:
      return Float32Array.from(new Float64Array(buffer, byteOffset, count));
    case DataType.float16:
      return halves(new Uint16Array(buffer, byteOffset, count));
    case DataType.bfloat16:
      return new Float32Array(Uint32Array.from(new Uint16Array(buffer, byteOffset, count), (x) => x << 16).buffer);
    case DataType.uint8:
    case DataType.bool:
      return Float32Array.from(bytes);
    case DataType.int8:
      return Float32Array.from(new Int8Array(buffer, byteOffset, count));
    case DataType.uint16:
      return Float32Array.from(new Uint16Array(buffer, byteOffset, count));
    case DataType.int16:
      return Float32Array.from(new Int16Array(buffer, byteOffset, count));
    case DataType.int32:
      return Float32Array.from(new Int32Array(buffer, byteOffset, count));
    case DataType.int64:
      return Float32Array.from(new BigInt64Array(buffer, byteOffset, count), Number);
    case DataType.uint4:
      return Float32Array.from(unpackNibbles(bytes, count));
    case DataType.int4:
      return Float32Array.from(unpackNibbles(bytes, count), (x) => (x > 7 ? x - 16 : x));
    default:
      throw new RangeError(`element type ${tensor.dataType} is not supported`);
  }
}

/** Four-bit numbers, the low half of each byte first. */
function unpackNibbles(bytes: Uint8Array, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => ((bytes[i >> 1] ?? 0) >> ((i & 1) * 4)) & 15);
}

let halfTable: Float32Array | undefined;

/** IEEE 754 binary16 to binary32. */
export function halves(bits: Uint16Array): Float32Array {
  halfTable ??= Float32Array.from({ length: 65536 }, (_, x) => {
    const sign = x & 0x8000 ? -1 : 1;
    const exponent = (x >> 10) & 31;
    const fraction = x & 1023;
    if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
    return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
  const table = halfTable;
  return Float32Array.from(bits, (x) => table[x] ?? NaN);
}

/** The fields that the format offers instead of `raw_data`. */
function typedFields(tensor: TensorProto): Uint8Array<ArrayBuffer> {
  const narrow = (values: ArrayBufferView<ArrayBuffer>) =>
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  switch (tensor.dataType) {
    case DataType.float:
      return narrow(Float32Array.from(tensor.floatData));
    case DataType.double:
      return narrow(Float64Array.from(tensor.doubleData));
    case DataType.int64:
      return narrow(BigInt64Array.from(tensor.int64Data));
    case DataType.int32:
      return narrow(Int32Array.from(tensor.int32Data));
    case DataType.float16:
    case DataType.bfloat16:
    case DataType.uint16:
    case DataType.int16:
      return narrow(Uint16Array.from(tensor.int32Data));
    default:
      return narrow(Uint8Array.from(tensor.int32Data));
  }
}
