import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { VocabularyStatistics } from "../analysis/geometry/geometry";
import { externalFiles } from "../models/externalFiles";
import type { Unembedding } from "../models/languageModel";

/** Of the file's layout and of what is computed; another one makes old files unread. */
const version = 1;

/** Folder of the figures that are kept between runs; the environment variable is for tests and shared machines. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const own = env["RELATION_LENS_CACHE"];
  if (own !== undefined && own !== "") return own;
  if (process.platform === "win32") return join(env["LOCALAPPDATA"] ?? homedir(), "relation-lens", "cache");
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "relation-lens");
  return join(env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "relation-lens");
}

/**
 * Where the statistics of a model are kept: named after its files, their sizes and times of change, and the tokens
 * that were left out, so that a model that changed is computed anew.
 */
export async function statisticsFile(graph: string, unembedding: Unembedding, folder: string): Promise<string> {
  const hash = createHash("sha256");
  const files = [graph, ...externalFiles(graph).map((file) => join(dirname(graph), file))];
  for (const file of files) {
    const { size, mtimeMs } = await stat(file);
    hash.update(`${file}\0${size}\0${mtimeMs}\0`);
  }
  const { hiddenSize, vocabularySize, bias, excluded } = unembedding;
  hash.update(JSON.stringify([version, hiddenSize, vocabularySize, bias !== null, excluded]));
  return join(folder, `unembedding-${hash.digest("hex").slice(0, 32)}.f64`);
}

/** Null where there is none, or what is there is not whole. */
export async function readStatistics(file: string, dimension: number): Promise<VocabularyStatistics | null> {
  const bytes = await readFile(file).catch(() => null);
  const count = dimension * (dimension + 1);
  if (bytes?.byteLength !== 8 * count) return null;
  const numbers = new Float64Array(count);
  new Uint8Array(numbers.buffer).set(bytes);
  if (!numbers.every(Number.isFinite)) return null;
  return {
    mean: numbers.slice(0, dimension),
    covariance: { rows: dimension, cols: dimension, data: numbers.slice(dimension) },
  };
}

/** A cache that cannot be written costs time and nothing else. */
export async function writeStatistics(file: string, { mean, covariance }: VocabularyStatistics): Promise<void> {
  const numbers = new Float64Array(mean.length + covariance.data.length);
  numbers.set(mean);
  numbers.set(covariance.data, mean.length);
  // Renamed when whole, so that another process never reads half of it.
  const partial = `${file}.${process.pid}`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(partial, new Uint8Array(numbers.buffer));
    await rename(partial, file);
  } catch {
    await rm(partial, { force: true }).catch(() => undefined);
  }
}
