import { writeWhole } from "../../formats/writeWhole";

export type Tensor =
  | { readonly dtype: "F32"; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: "I64"; readonly shape: readonly number[]; readonly data: BigInt64Array };

/**
 * Safetensors: eight bytes of header length (little-endian), a JSON header padded with spaces to a multiple
 * of eight, then the tensors one after the other (format of huggingface/safetensors).
 *
 * @throws RangeError when a shape does not fit its data
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
    const entries = shape.reduce((product, size) => product * size, 1);
    if (entries !== data.length) {
      throw new RangeError(`tensor ${name} has ${data.length} entries, its shape asks for ${entries}`);
    }
    header[name] = { dtype, shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const headerSize = Math.ceil(json.length / 8) * 8;
  const out = Buffer.alloc(8 + headerSize + offset, " ");
  out.writeBigUInt64LE(BigInt(headerSize), 0);
  json.copy(out, 8);
  let at = 8 + headerSize;
  for (const { data } of Object.values(tensors)) {
    Buffer.from(data.buffer, data.byteOffset, data.byteLength).copy(out, at);
    at += data.byteLength;
  }
  return out;
}

/** A reader never sees half a file. */
export async function writeSafetensors(
  file: string,
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  await writeWhole(file, [encodeSafetensors(tensors, metadata)]);
}
