import { describe, expect, it } from "vitest";
import { encodeSafetensors } from "../../../src/engine/report/safetensors";

describe("safetensors", () => {
  const bytes = encodeSafetensors(
    {
      f: { dtype: "F32", shape: [2, 2], data: Float32Array.of(1, -2, 0.5, 1e30) },
      token_ids: { dtype: "I64", shape: [1], data: BigInt64Array.of(7n) },
    },
    { prompts: '["ä"]' },
  );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerSize = Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerSize))) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;

  it("has an aligned header that names every tensor", () => {
    expect(headerSize % 8).toBe(0);
    expect(header["__metadata__"]).toEqual({ prompts: '["ä"]' });
    expect(header["f"]).toEqual({ dtype: "F32", shape: [2, 2], data_offsets: [0, 16] });
    expect(header["token_ids"]).toEqual({ dtype: "I64", shape: [1], data_offsets: [16, 24] });
  });

  it("holds the values where the header says", () => {
    const start = 8 + headerSize;
    expect(view.getFloat32(start + 4, true)).toBe(-2);
    expect(view.getFloat32(start + 8, true)).toBe(0.5);
    expect(view.getBigInt64(start + 16, true)).toBe(7n);
    expect(bytes.byteLength).toBe(start + 24);
  });

  it("refuses a shape that does not fit", () => {
    expect(() => encodeSafetensors({ f: { dtype: "F32", shape: [3], data: Float32Array.of(1) } }, {})).toThrow(
      RangeError,
    );
  });
});
