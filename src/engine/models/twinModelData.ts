import { create } from "@bufbuild/protobuf";
import { closeSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { basename, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { readFully } from "./fileWindow";
import { graphsOf, type ModelFile } from "./modelFile";
import { throwIfCancelled } from "./modelProblem";
import { encodeModel, entrySchema, type TensorProto } from "./onnxProto";
import { byteLength, externalEntry, isExternal, tensorBytes } from "./tensorData";
import { largeTensorBytes } from "./wireFormat";

/** Numbers of a tensor, piece by piece, so that it need never be in memory. */
export interface TensorSource {
  /** In bytes. */
  readonly length: number;
  /** Writes all of it; places count from the tensor's own start. @throws Cancelled */
  readonly write: (put: (bytes: Uint8Array, at: number) => void) => Promise<void>;
}

export interface WriteModelOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes written, of all. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Weights up to this size lie in the graph's own file, larger ones in a file beside it. */
  readonly largestInline?: number;
}

const copyBytes = 16 << 20;
/** Memory can be mapped where a page starts. */
const alignment = 4096;

/**
 * Writes a model whose weights still lie in the files of `file`: they are copied piece by piece, and those in `made`
 * come from there. Changes `file.proto`.
 * @param path of the graph; its data goes to `<path>_data`
 * @throws Cancelled
 */
export async function writeModelFile(
  file: ModelFile,
  path: string,
  made: ReadonlyMap<string, TensorSource>,
  { signal, onProgress, largestInline = 64 << 20 }: WriteModelOptions = {},
): Promise<void> {
  const graph = file.proto.graph;
  const initializers = [...graphsOf(graph)].flatMap((inner) => inner.initializer);
  const attributes = [...graphsOf(graph)].flatMap((g) =>
    g.node.flatMap((n) => n.attribute.flatMap(({ t }) => t ?? [])),
  );
  const large: { readonly tensor: TensorProto; readonly source: TensorSource }[] = [];
  for (const tensor of [...initializers, ...attributes]) {
    const source = made.get(tensor.name) ?? (isExternal(tensor) ? copyOf(tensor, file.folder, signal) : undefined);
    if (source === undefined) continue;
    // What decides shapes must be in the graph itself, and so must the tensors of attributes.
    const isSmall = source.length < largeTensorBytes || attributes.includes(tensor);
    if (isSmall && !made.has(tensor.name)) setBytes(tensor, tensorBytes(tensor, file.folder));
    else large.push({ tensor, source });
  }

  const total = large.reduce((sum, { source }) => sum + source.length, 0);
  const dataPath = `${path}_data`;
  const descriptor = openSync(dataPath, "wx");
  let offset = 0;
  let done = 0;
  try {
    for (const { tensor, source } of large) {
      const start = Math.ceil(offset / alignment) * alignment;
      await source.write((bytes, at) => {
        writeFully(descriptor, bytes, start + at);
        done += bytes.length;
        onProgress?.(done, total);
      });
      offset = start + source.length;
      tensor.rawData = new Uint8Array();
      tensor.dataLocation = 1;
      const entries = { location: basename(dataPath), offset: String(start), length: String(source.length) };
      tensor.externalData = Object.entries(entries).map(([key, value]) => create(entrySchema, { key, value }));
    }
  } finally {
    closeSync(descriptor);
  }
  if (total <= largestInline) {
    const data = readFileSync(dataPath);
    rmSync(dataPath);
    for (const { tensor, source } of large) {
      const start = Number(externalEntry(tensor, "offset"));
      setBytes(tensor, data.subarray(start, start + source.length));
    }
  }
  writeFileSync(path, encodeModel(file.proto), { flag: "wx" });
}

function setBytes(tensor: TensorProto, bytes: Uint8Array): void {
  tensor.rawData = bytes;
  tensor.externalData = [];
  tensor.dataLocation = 0;
}

function copyOf(tensor: TensorProto, folder: string, signal: AbortSignal | undefined): TensorSource {
  const path = join(folder, externalEntry(tensor, "location") ?? "");
  const from = Number(externalEntry(tensor, "offset") ?? 0);
  const length = Number(externalEntry(tensor, "length") ?? byteLength(tensor));
  return {
    length,
    write: async (put) => {
      const descriptor = openSync(path, "r");
      try {
        for (let at = 0; at < length; at += copyBytes) {
          await setImmediate();
          throwIfCancelled(signal);
          const piece = new Uint8Array(Math.min(copyBytes, length - at));
          readFully(descriptor, piece, from + at);
          put(piece, at);
        }
      } finally {
        closeSync(descriptor);
      }
    },
  };
}

function writeFully(descriptor: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done, bytes.length - done, at + done);
}
