import { basename, dirname, join, resolve } from "node:path";
import { ProblemError, type Position, type Problem } from "../../protocol/problem";
import type { Relation } from "../../protocol/relation";
import { readRelationSource } from "../relationSource";

export interface NamedRelation {
  /** Tells it from the others: where two files give the same name, with the file's. */
  readonly name: string;
  /** Absolute, and as it was named. */
  readonly path: string;
  readonly file: string;
  readonly relation: Relation;
  /** In which file its samples are written, and where in it. */
  readonly samples: { readonly file: string; readonly positions: readonly Position[] };
}

/** The cost grows with the square, and a map of more is no picture. */
const mostRelations = 40;

/**
 * Reads the files; one that has errors refuses all, since the maps would silently lack it.
 * @returns the relations with the warnings of their files
 * @throws ProblemError with the errors of all files, or where there are too few or too many files, or one is named twice
 */
export async function readRelations(
  files: readonly string[],
  texts: Readonly<Record<string, string>> = {},
): Promise<{ relations: readonly NamedRelation[]; problems: readonly Problem[] }> {
  const paths = files.map((file) => resolve(file));
  const twice = files.find((_, i) => paths.indexOf(paths[i] ?? "") < i);
  if (twice !== undefined) {
    throw wrong("relations-file-twice", `${twice} is named twice.`, "Name each relation file once.");
  }
  if (files.length < 2) {
    throw wrong(
      "relations-too-few",
      "Comparing relations needs two relation files or more.",
      "Name, or select, another relation file.",
    );
  }
  if (files.length > mostRelations) {
    throw wrong(
      "relations-too-many",
      `${files.length} relation files are more than can be compared at once.`,
      `Name at most ${mostRelations}.`,
    );
  }
  const read = await Promise.all(
    paths.map(async (path, i) => {
      const unsaved = texts[files[i] ?? ""];
      return readRelationSource({ file: path, ...(unsaved !== undefined && { text: unsaved }) });
    }),
  );
  const problems = read.flatMap((one) => one.problems);
  const relations = read.flatMap(({ relation }) => relation ?? []);
  if (relations.length < read.length) throw new ProblemError(problems);
  const names = distinctNames(
    relations.map(({ name }) => name),
    paths,
  );
  return {
    problems,
    relations: relations.map((relation, i) => ({
      name: names[i] ?? "",
      path: paths[i] ?? "",
      file: files[i] ?? "",
      relation,
      samples: { file: read[i]?.samplesFile ?? "", positions: read[i]?.samplePositions ?? [] },
    })),
  };
}

/** Equal names with the name of the file, and where that is equal too, with its folder or its whole path. */
export function distinctNames(names: readonly string[], paths: readonly string[]): string[] {
  const ways: ((path: string) => string)[] = [
    (path) => basename(path).replace(/(\.relation)?\.(ya?ml|json)$/i, ""),
    (path) => join(basename(dirname(path)), basename(path)),
    (path) => path,
  ];
  return names.map((name, i) => {
    const rivals = paths.filter((_, j) => j !== i && names[j] === name);
    if (rivals.length === 0) return name;
    const own = paths[i] ?? "";
    const way = ways.find((one) => !rivals.some((other) => one(other) === one(own)));
    return `${name} (${(way ?? String)(own)})`;
  });
}

function wrong(code: string, message: string, remedy: string): ProblemError {
  return new ProblemError([{ kind: "usage", code, severity: "error", message, remedy }]);
}
