import { randomBytes } from "node:crypto";
import { realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** A file's content, of which not all need be there at once. */
export type Pieces = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/**
 * Writes all or nothing: to a temporary file beside the target, which then takes its name.
 *
 * @throws Error of the file system, or of the pieces
 */
export async function writeWhole(path: string, content: Pieces): Promise<void> {
  const target = await realOrSame(path);
  const found = await stat(target).catch(() => null);
  // A device or pipe, such as /dev/null, has no name to take over.
  if (found !== null && !found.isFile()) {
    await writeFile(target, content);
    return;
  }
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    await writeFile(temporary, content, { flag: "wx", ...(found !== null && { mode: found.mode }) });
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Where a link leads, so that the link stays one. */
export async function realOrSame(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
