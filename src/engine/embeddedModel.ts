import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";

/** Name of the model that is used where none is chosen. */
export const embeddedDefault = "embedded-small";

/**
 * Folder of a model that ships with the product. Bundles lie one folder below the root and sources deeper, so
 * the search goes upwards.
 */
export function embeddedModelFolder(name: string = embeddedDefault): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, "models", name);
    if (existsSync(join(candidate, "config.json"))) return candidate;
    if (folder === dirname(folder)) throw new Error(`the embedded model ${name} is missing from this installation`);
  }
}

/** Folders of all models that ship with the product, the default first. */
export function embeddedModelFolders(): readonly string[] {
  const first = embeddedModelFolder();
  const names = readdirSync(dirname(first)).filter((name) => name.startsWith("embedded-") && name !== embeddedDefault);
  return [first, ...names.sort().map((name) => join(dirname(first), name))];
}
