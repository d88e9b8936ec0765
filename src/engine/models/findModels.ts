import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { AvailableModel } from "../../protocol/engine";
import { ProblemError } from "../../protocol/problem";
import { readConfig } from "./config";
import { exportVariants } from "./exportVariants";
import { cachedModels, filesOfExport } from "./hubCache";
import { completeVariants } from "./hubModel";

export interface ModelPlaces {
  readonly embedded: readonly string[];
  readonly workspaceFolders: readonly string[];
  /** Folder of the Hugging Face cache. */
  readonly cache: string;
}

/** The models that can be used without a network: embedded, in the workspace's folders, in the cache. */
export function findModels({ embedded, workspaceFolders, cache }: ModelPlaces): readonly AvailableModel[] {
  const isEmbedded = new Set(embedded);
  return [
    ...embedded.flatMap((folder) => exported(folder, "embedded")),
    ...workspaceFolders
      .flatMap((folder) => [...foldersIn(folder)])
      .filter((folder) => !isEmbedded.has(folder))
      .flatMap((folder) => exported(folder, "workspace")),
    ...cachedModels(cache).flatMap(({ id, folder }): AvailableModel[] => {
      const variants = completeVariants(folder);
      return variants.length === 0
        ? []
        : [{ id, origin: "cache", location: folder, variants, ...configuredSize(folder) }];
    }),
  ];
}

function exported(folder: string, origin: AvailableModel["origin"]): readonly AvailableModel[] {
  const files = filesOfExport(folder);
  const configured = files.some(({ path }) => path === "config.json" || path === "genai_config.json");
  const variants = configured ? exportVariants(files) : [];
  return variants.length === 0
    ? []
    : [{ id: basename(folder), origin, location: folder, variants, ...configuredSize(folder) }];
}

/** A list has room for models that cannot be used: why is said when one is opened. */
function configuredSize(folder: string): Pick<AvailableModel, "hiddenSize"> {
  try {
    const { hiddenSize } = readConfig(folder);
    return hiddenSize === undefined ? {} : { hiddenSize };
  } catch (error) {
    if (error instanceof ProblemError) return {};
    throw error;
  }
}

const deepest = 5;
const mostFolders = 5_000;

/** A folder and those in it, the nearest first; links are not followed, and a large tree is not searched to its end. */
function* foldersIn(root: string): Generator<string> {
  const queue = [{ folder: root, depth: 0 }];
  for (let i = 0; i < queue.length && i < mostFolders; i++) {
    const { folder, depth } = queue[i] ?? { folder: root, depth: deepest };
    yield folder;
    if (depth === deepest) continue;
    for (const name of subfolders(folder)) queue.push({ folder: join(folder, name), depth: depth + 1 });
  }
}

function subfolders(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !/^(\.|node_modules$)/.test(entry.name))
      .map(({ name }) => name)
      .sort();
  } catch {
    return [];
  }
}
