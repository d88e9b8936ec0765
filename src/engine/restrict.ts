import { basename, dirname, resolve } from "node:path";
import type { Position, Problem } from "../protocol/problem";
import type { Relation } from "../protocol/relation";
import { inReach, isRestricted } from "./reach";

export interface Restricted {
  readonly relation: Relation;
  /** Warnings, a line each for what was taken away. */
  readonly problems: readonly Problem[];
}

/** A relation without what a file that is not trusted may not choose: a model, and control relations out of reach. */
export async function restrict(
  relation: Relation,
  { file, text }: { readonly file: string; readonly text: string },
): Promise<Restricted> {
  if (!isRestricted()) return { relation, problems: [] };
  const { model, controlRelations, ...kept } = relation;
  const problems: Problem[] = [];
  if (model !== undefined) problems.push(modelNotTrusted(model, file, positionOf(text, "model")));
  if (controlRelations === undefined) return { relation: kept, problems };
  const inside = await Promise.all(controlRelations.map((path) => inReach(resolve(dirname(file), path))));
  const outside = controlRelations.filter((_, i) => inside[i] === false);
  problems.push(...outside.map((path) => fileNotTrusted(path, file, positionOf(text, "control_relations"))));
  return { relation: { ...kept, controlRelations: controlRelations.filter((_, i) => inside[i]) }, problems };
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
