import type { ReportBytes } from "../protocol/reportBytes";

/** Bytes of a part. */
export const partLength = 2 ** 18;

/** The bytes as parts; windows on them, not copies. At least one. */
export function partsOf(bytes: Uint8Array): ReportBytes {
  const parts = Array.from({ length: Math.max(1, Math.ceil(bytes.length / partLength)) });
  return parts.map((_, i) => bytes.subarray(i * partLength, (i + 1) * partLength));
}
