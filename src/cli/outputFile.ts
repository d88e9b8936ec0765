import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { realOrSame, writeWhole } from "../formats/writeWhole";
import { UsageError } from "./io";

/**
 * Makes sure, before any work is done, that a file can be written; an input is never overwritten.
 * @throws UsageError
 */
export async function checkOutputFile(
  option: string,
  path: string,
  inputs: readonly string[],
  cwd: string,
): Promise<void> {
  const target = await realOrSame(resolve(cwd, path));
  for (const input of inputs) {
    if ((await realOrSame(resolve(cwd, input))) === target) {
      throw new UsageError(`${option} ${path} would overwrite the relation file.`, "Name another file.");
    }
  }
  const found = await stat(target).catch(() => null);
  if (found?.isDirectory() === true) throw new UsageError(`${option} ${path} is a folder.`, "Name a file in it.");
  const folder = dirname(target);
  const place = await stat(folder).catch(() => null);
  if (place?.isDirectory() !== true) {
    throw new UsageError(
      `The folder of ${option} ${path} does not exist.`,
      `Create ${dirname(path)} or name another file.`,
    );
  }
  const needed = found === null || found.isFile() ? folder : target;
  await access(needed, constants.W_OK).catch(() => {
    throw new UsageError(`${option} ${path} may not be written.`, "Choose a place that you may write to.");
  });
}

/** Makes sure, before any work is done, that files can be written into a folder, which is made where absent. @throws UsageError */
export async function checkOutputFolder(option: string, path: string, cwd: string): Promise<void> {
  const target = await realOrSame(resolve(cwd, path));
  const found = await stat(target).catch(() => null);
  if (found !== null && !found.isDirectory()) {
    throw new UsageError(`${option} ${path} is not a folder.`, "Name a folder, or one that is still to be made.");
  }
  const place = found === null ? dirname(target) : target;
  if (found === null && (await stat(place).catch(() => null))?.isDirectory() !== true) {
    throw new UsageError(
      `The folder of ${option} ${path} does not exist.`,
      `Create ${dirname(path)} or name another folder.`,
    );
  }
  await access(place, constants.W_OK).catch(() => {
    throw new UsageError(`${option} ${path} may not be written.`, "Choose a place that you may write to.");
  });
}

/** Writes all or nothing. @throws UsageError */
export async function writeOutputFile(option: string, path: string, text: string, cwd: string): Promise<void> {
  try {
    await writeWhole(resolve(cwd, path), [text]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${option} ${path} could not be written: ${reason}.`, "Free some space or name another file.");
  }
}
