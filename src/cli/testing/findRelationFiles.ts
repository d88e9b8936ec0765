import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { UsageError } from "../io";

const relationFile = /\.relation\.(ya?ml|json)$/i;
/** Nobody's own relations are in there. */
const passedOver = /^(node_modules|\..+)$/;

export interface NamedFile {
  /** As it was named, or below the folder that was. */
  readonly file: string;
  /** Named itself, and not found in a folder. */
  readonly named: boolean;
}

/** The files that are named, and all relation files in folders that are, each once. @throws UsageError */
export async function findRelationFiles(paths: readonly string[], cwd: string): Promise<readonly NamedFile[]> {
  const found = new Map<string, NamedFile>();
  const add = (file: string, named: boolean) => {
    const place = resolve(cwd, file);
    if (!found.has(place) || named) found.set(place, { file, named });
  };
  for (const path of paths) {
    const isFolder = (await stat(resolve(cwd, path)).catch(() => null))?.isDirectory() === true;
    if (isFolder) for (const file of await relationFilesIn(path, cwd)) add(file, false);
    else add(path, true);
  }
  if (found.size > 0) return [...found.values()];
  throw new UsageError(
    `There is no relation file in ${paths.join(", ")}.`,
    "Name a folder with files whose names end in .relation.yaml or .relation.json.",
  );
}

async function relationFilesIn(folder: string, cwd: string): Promise<string[]> {
  const entries = await readdir(resolve(cwd, folder), { withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries.toSorted((a, b) => a.name.localeCompare(b.name, "en"))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !passedOver.test(entry.name)) files.push(...(await relationFilesIn(path, cwd)));
    else if (entry.isFile() && relationFile.test(entry.name)) files.push(path);
  }
  return files;
}
