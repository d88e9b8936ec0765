import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { copyFile, link, mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import type { ExportFile } from "./exportVariants";

/**
 * One model in the cache that Python's `huggingface_hub` and this program share:
 * `blobs/<checksum>`, `refs/<revision>` with a commit, `snapshots/<commit>/<path>` linked to blobs.
 */
export class CachedRepository {
  readonly blobs: string;
  private readonly folder: string;

  constructor(cache: string, name: string) {
    this.folder = join(cache, `models--${name.split("/").join("--")}`);
    this.blobs = join(this.folder, "blobs");
  }

  snapshot(commit: string): string {
    return join(this.folder, "snapshots", commit);
  }

  /** The folder of a revision that is in the cache, whole or in part. */
  cached(revision: string): string | null {
    const commit = commitPattern.test(revision) ? revision : this.ref(revision);
    if (commit === null) return null;
    const folder = this.snapshot(commit);
    return existsSync(folder) ? folder : null;
  }

  private ref(revision: string): string | null {
    try {
      const commit = readFileSync(join(this.folder, "refs", revision), "utf8").trim();
      return commitPattern.test(commit) ? commit : null;
    } catch {
      return null;
    }
  }

  async writeRef(revision: string, commit: string): Promise<void> {
    if (commitPattern.test(revision)) return;
    const file = join(this.folder, "refs", revision);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(`${file}.${process.pid}`, commit);
    await rename(`${file}.${process.pid}`, file);
  }

  /** Makes a blob appear as a file of a commit: a symbolic link, else a hard link, else a copy. */
  async show(blob: string, commit: string, path: string): Promise<void> {
    const file = join(this.snapshot(commit), path);
    await mkdir(dirname(file), { recursive: true });
    await rm(file, { force: true });
    try {
      await symlink(relative(dirname(file), blob), file, "file");
    } catch {
      await link(blob, file).catch(() => copyFile(blob, file));
    }
  }
}

export const commitPattern = /^[0-9a-f]{40}$/;

/** The models in a cache: of the revision `main`, else the newest commit, which their ids then name. */
export function cachedModels(cache: string): readonly { readonly id: string; readonly folder: string }[] {
  return namesIn(cache).flatMap((entry) => {
    const name = /^models--(.+)$/.exec(entry)?.[1]?.replace("--", "/");
    if (name === undefined) return [];
    const main = new CachedRepository(cache, name).cached("main");
    if (main !== null) return [{ id: name, folder: main }];
    const folder = newest(join(cache, entry, "snapshots"));
    return folder === null ? [] : [{ id: `${name}@${basename(folder)}`, folder }];
  });
}

function newest(snapshots: string): string | null {
  const folders = namesIn(snapshots)
    .filter((name) => commitPattern.test(name))
    .map((name) => join(snapshots, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  return folders[0] ?? null;
}

/** The files at the root of an export and in its `onnx/`; links that lead nowhere are left out. */
export function filesOfExport(folder: string): readonly ExportFile[] {
  return ["", "onnx/"].flatMap((inner) =>
    namesIn(join(folder, inner)).flatMap((name) => {
      const file = statSync(join(folder, inner, name), { throwIfNoEntry: false });
      return file?.isFile() === true ? [{ path: inner + name, bytes: file.size }] : [];
    }),
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
