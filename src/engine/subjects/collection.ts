import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { nearest } from "../../formats/nearest";
import { readRelationFile } from "../../formats/relationFile";
import { ProblemError } from "../../protocol/problem";
import type { Relation } from "../../protocol/relation";

export interface BuiltInRelation {
  /** By which it is chosen: of its file. */
  readonly name: string;
  readonly file: string;
  readonly relation: Relation;
}

const suffix = ".relation.yaml";

/**
 * Folder of the relations that ship with the product. Bundles lie one folder below the root and sources deeper, so
 * the search goes upwards.
 */
function collectionFolder(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, "relations");
    if (existsSync(candidate) && namesIn(candidate).length > 0) return candidate;
    if (folder === dirname(folder)) throw new Error("the collection of relations is missing from this installation");
  }
}

const namesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(suffix))
    .map((name) => basename(name, suffix))
    .sort();

/** The built-in relations, by name. */
export async function readCollection(): Promise<readonly BuiltInRelation[]> {
  const folder = collectionFolder();
  const read = await Promise.all(namesIn(folder).map((name) => readBuiltIn(folder, name)));
  return read.flatMap((found) => found ?? []);
}

/** Null where the collection has no relation of the name. */
async function findBuiltIn(name: string): Promise<BuiltInRelation | null> {
  const folder = collectionFolder();
  return namesIn(folder).includes(name) ? readBuiltIn(folder, name) : null;
}

/** The built-in relation that a list of pairs is called after. */
export function namesake(name: string): Promise<BuiltInRelation | null> {
  return findBuiltIn(name.trim().toLowerCase().replace(/\s+/g, "-"));
}

/** @throws ProblemError where the collection has no relation of the name */
export async function builtIn(name: string): Promise<BuiltInRelation> {
  const found = await findBuiltIn(name);
  if (found !== null) return found;
  const meant = nearest(name, namesIn(collectionFolder()));
  throw new ProblemError([
    {
      kind: "input",
      code: "subjects-not-in-collection",
      severity: "error",
      message: `The built-in collection has no relation “${name}”.`,
      remedy: meant === null ? "`relation-lens collection` lists those that it has." : `Did you mean ${meant}?`,
    },
  ]);
}

async function readBuiltIn(folder: string, name: string): Promise<BuiltInRelation | null> {
  const file = join(folder, name + suffix);
  const { relation } = await readRelationFile(file);
  return relation === null ? null : { name, file, relation };
}
