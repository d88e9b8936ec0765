import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat, statfs, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ProblemError } from "../../protocol/problem";
import { rangeIgnored, type HubFile } from "./hubClient";
import { withLock } from "./hubLock";
import { diskProblem, hubProblem } from "./hubProblems";
import { throwIfCancelled } from "./modelProblem";

export interface BlobDownload {
  readonly file: HubFile;
  /** Folder of the blobs. */
  readonly blobs: string;
  /** Opens the file on the hub; called when there is something to fetch. */
  readonly open: () => Promise<(start: number) => AsyncIterable<unknown>>;
  readonly signal: AbortSignal;
  /** Bytes of this file that are there; never falls, except where a server cannot resume. */
  readonly onBytes: (bytes: number) => void;
  /** Before each new attempt; the time in ms is multiplied by the number of failures in a row. */
  readonly retryDelay?: number;
}

/** Failures in a row, without a byte between them, after which a download is given up. */
const attempts = 5;

/**
 * Brings a file into the blobs of the cache and gives its path there. What a broken or cancelled download leaves,
 * `<checksum>.incomplete`, is continued; the blob appears by one rename, after its checksum was found right.
 * @throws ProblemError @throws Cancelled
 */
export async function downloadBlob(download: BlobDownload): Promise<string> {
  const { file, blobs, onBytes } = download;
  const blob = join(blobs, file.checksum);
  if ((await sizeOf(blob)) === file.bytes) {
    onBytes(file.bytes);
    return blob;
  }
  try {
    await mkdir(blobs, { recursive: true });
  } catch (error) {
    throw diskProblem(error, blobs);
  }
  await withLock(`${blob}.lock`, file.path, () => complete(download, blob));
  return blob;
}

async function complete(download: BlobDownload, blob: string): Promise<void> {
  const { file, blobs, onBytes } = download;
  const partial = `${blob}.incomplete`;
  const onDisk = <T>(work: Promise<T>) =>
    work.catch((error: unknown) => {
      throw diskProblem(error, blobs);
    });
  if ((await sizeOf(partial)) > file.bytes) await onDisk(rm(partial));
  const kept = await sizeOf(partial);
  await refuseFullDisk(blobs, file.bytes - kept);
  const handle = await onDisk(open(partial, "a"));
  let hash = hashOf(file);
  try {
    if (kept > 0) for await (const chunk of createReadStream(partial)) hash.update(chunk as Buffer);
    onBytes(kept);
    hash = await fetchRest(download, handle, hash, kept);
    await onDisk(handle.sync());
  } finally {
    await handle.close();
  }
  if (hash.digest("hex") !== file.checksum) {
    await rm(partial, { force: true });
    throw hubProblem(
      "hub-checksum",
      `The checksum of ${file.path} is wrong: what arrived is not what the hub lists.`,
      "Try again; the damaged file was removed.",
    );
  }
  await onDisk(rename(partial, blob));
}

/** Appends what is missing; begins again where the connection breaks. */
async function fetchRest(
  { file, blobs, open: openSource, signal, onBytes, retryDelay = 500 }: BlobDownload,
  handle: FileHandle,
  begun: Hash,
  kept: number,
): Promise<Hash> {
  if (kept === file.bytes) return begun;
  const source = await openSource();
  let hash = begun;
  let done = kept;
  for (let failures = 0; done < file.bytes;) {
    throwIfCancelled(signal);
    const before = done;
    let reason = "the connection was closed";
    try {
      for await (const chunk of source(done)) {
        if (!(chunk instanceof Uint8Array)) throw new TypeError("a stream of bytes was expected");
        const wanted = chunk.subarray(0, file.bytes - done);
        await append(handle, wanted, blobs);
        hash.update(wanted);
        done += wanted.length;
        onBytes(done);
        throwIfCancelled(signal);
      }
    } catch (error) {
      throwIfCancelled(signal);
      if (error instanceof ProblemError) throw error;
      // The library hands on the reason as text.
      reason = error instanceof Error ? error.message : String(error);
      if (reason === rangeIgnored) {
        await handle.truncate(0);
        hash = hashOf(file);
        done = 0;
      }
    }
    if (done >= file.bytes) break;
    failures = done > before ? 1 : failures + 1;
    if (failures > attempts) throw interruptedProblem(file, done, reason);
    await sleep(retryDelay * failures, undefined, { signal }).catch(() => throwIfCancelled(signal));
  }
  return hash;
}

async function append(handle: FileHandle, bytes: Uint8Array, blobs: string): Promise<void> {
  try {
    await handle.appendFile(bytes);
  } catch (error) {
    throw diskProblem(error, blobs);
  }
}

function interruptedProblem(file: HubFile, done: number, reason: string): ProblemError {
  return hubProblem(
    "hub-interrupted",
    `The download of ${file.path} broke off at byte ${done} of ${file.bytes}: ${reason.replace(/\.$/, "")}.`,
    "Run it again when the network is better: it continues from there.",
  );
}

/** @throws ProblemError where the file cannot fit */
async function refuseFullDisk(folder: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (needed <= free) return;
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`;
  throw hubProblem(
    "hub-disk-full",
    `The disk has ${megabytes(free)} left, but ${megabytes(needed)} are needed.`,
    `Make room in ${folder}, or set HF_HUB_CACHE to a folder with more.`,
  );
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** SHA-256 of the bytes, or Git's SHA-1, which is that of `blob <length>\0` and the bytes. */
function hashOf({ checksum, bytes }: HubFile): Hash {
  return checksum.length === 64 ? createHash("sha256") : createHash("sha1").update(`blob ${bytes}\0`);
}
