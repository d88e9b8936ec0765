import { realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, relative, resolve } from "node:path";
import type { Position, Problem } from "../protocol/problem";
import type { Relation } from "../protocol/relation";

export interface Restricted {
  readonly relation: Relation;
  /** Warnings, a line each for what was taken away. */
  readonly problems: readonly Problem[];
}

/**
 * A relation without what a file that is not trusted may not choose: a model, and files outside of the folders.
 *
 * @param file path of the relation file, whose own folder is among those allowed
 * @param folders null where the file is trusted: nothing is taken away
 */
export async function restrict(
  relation: Relation,
  { file, text }: { readonly file: string; readonly text: string },
  folders: readonly string[] | null,
): Promise<Restricted> {
  if (folders === null) return { relation, problems: [] };
  const { model, controlRelations, ...kept } = relation;
  const problems: Problem[] = [];
  if (model !== undefined) problems.push(modelNotTrusted(model, file, positionOf(text, "model")));
  if (controlRelations === undefined) return { relation: kept, problems };
  const base = dirname(file);
  const allowed = [...folders, base];
  const inside = await Promise.all(controlRelations.map((path) => isInside(resolve(base, path), allowed)));
  const outside = controlRelations.filter((_, i) => inside[i] === false);
  problems.push(...outside.map((path) => fileNotTrusted(path, file, positionOf(text, "control_relations"))));
  return { relation: { ...kept, controlRelations: controlRelations.filter((_, i) => inside[i]) }, problems };
}

/** Links count as what they lead to; a path that lies outside is not even looked at, since it may be of a network. */
async function isInside(path: string, folders: readonly string[]): Promise<boolean> {
  if (!folders.some((folder) => contains(folder, path))) return false;
  const real = await where(path);
  const places = await Promise.all(folders.map(where));
  return places.some((folder) => contains(folder, real));
}

const where = (path: string): Promise<string> => realpath(path).catch(() => path);

function contains(folder: string, path: string): boolean {
  const way = relative(resolve(folder), path);
  return way !== "" && !way.startsWith("..") && !isAbsolute(way);
}

/** Of a key at the top of a relation file, in YAML or JSON; none where it is written in another way. */
function positionOf(text: string, key: string): Position | undefined {
  const lines = text.split(/\r?\n/);
  const row = lines.findIndex((line) => new RegExp(`^(${key}|["'{\\s]*"${key}")\\s*:`).test(line));
  const line = lines[row];
  if (line === undefined) return undefined;
  return { line: row + 1, column: line.indexOf(key) + 1, endLine: row + 1, endColumn: line.length + 1 };
}

function modelNotTrusted(model: string, file: string, position: Position | undefined): Problem {
  return {
    kind: "input",
    code: "model-not-trusted",
    severity: "warning",
    message: `The model ${model} is not used: a file in a folder that is not trusted may not choose one.`,
    remedy: "Trust the folder, or choose the model yourself with Relation Lens: Choose Model.",
    file,
    ...(position !== undefined && { position }),
  };
}

function fileNotTrusted(path: string, file: string, position: Position | undefined): Problem {
  return {
    kind: "input",
    code: "control-relation-not-trusted",
    severity: "warning",
    message: `The control relation ${basename(path)} is left out: it lies outside of the folder, which is not trusted.`,
    remedy: "Trust the folder, or put the file into it.",
    file,
    ...(position !== undefined && { position }),
  };
}
