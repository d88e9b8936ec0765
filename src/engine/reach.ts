import { AsyncLocalStorage } from "node:async_hooks";
import { realpath } from "node:fs/promises";
import { isAbsolute, relative, resolve } from "node:path";

const reach = new AsyncLocalStorage<readonly string[]>();

/**
 * Runs something in which files may name only what lies in the folders, as for files that are not trusted.
 * @param folders null where nothing is restricted
 */
export function withinReach<T>(folders: readonly string[] | null, run: () => Promise<T>): Promise<T> {
  return folders === null ? run() : reach.run(folders, run);
}

/** Whether what runs now is restricted. */
export const isRestricted = (): boolean => reach.getStore() !== undefined;

/**
 * Whether a file that another file names may be read. Links count as what they lead to; a path that lies outside is
 * not even looked at, since it may be of a network.
 */
export async function inReach(path: string): Promise<boolean> {
  const folders = reach.getStore();
  if (folders === undefined) return true;
  if (!folders.some((folder) => contains(folder, path))) return false;
  const real = await where(path);
  const places = await Promise.all(folders.map(where));
  return places.some((folder) => contains(folder, real));
}

const where = (path: string): Promise<string> => realpath(path).catch(() => path);

function contains(folder: string, path: string): boolean {
  const way = relative(resolve(folder), path);
  return way !== "" && !/^\.\.(?:[\\/]|$)/.test(way) && !isAbsolute(way);
}
