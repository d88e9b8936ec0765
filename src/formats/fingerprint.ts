import { createHash } from "node:crypto";
import { open, readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Of a relation file's text, in hexadecimal; with or without a byte order mark. */
export function textSha256(text: string): string {
  return createHash("sha256")
    .update(text.replace(/^\ufeff/, ""), "utf8")
    .digest("hex");
}

const blocks = 64;
const blockLength = 4096;

/**
 * Tells one version of a model's files from another without reading gigabytes: SHA-256 over the names, the sizes and
 * 64 blocks of 4 KiB, evenly spaced, of the graph and of the data beside it. Null where the file cannot be read.
 *
 * @param graph path of the `.onnx` file
 */
export async function modelFingerprint(graph: string): Promise<string | null> {
  const folder = dirname(graph);
  const name = basename(graph);
  try {
    const parts = (await readdir(folder))
      .filter((file) => file === name || /^[._]data/.test(beyond(file, name)))
      .sort();
    if (!parts.includes(name)) return null;
    const hash = createHash("sha256");
    for (const part of parts) {
      hash.update(beyond(part, name));
      await addBlocks(join(folder, part), (bytes) => hash.update(bytes));
    }
    return hash.digest("hex");
  } catch {
    return null;
  }
}

/** What follows the graph's name in that of its data, such as `_data` or `.data`. */
const beyond = (file: string, graph: string) => (file.startsWith(graph) ? file.slice(graph.length) : "");

async function addBlocks(path: string, add: (bytes: Uint8Array | string) => void): Promise<void> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    add(String(size));
    const last = Math.max(0, size - blockLength);
    const starts = new Set(Array.from({ length: blocks }, (_, i) => Math.round((i * last) / (blocks - 1))));
    const buffer = Buffer.allocUnsafe(blockLength);
    for (const start of starts) {
      const { bytesRead } = await file.read(buffer, 0, blockLength, start);
      add(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}
