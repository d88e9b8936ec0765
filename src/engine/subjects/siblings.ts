import { readdir, readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { isPromptFile, nameFromPromptFile } from "../../formats/prompts/promptFormat";
import { parseRelation } from "../../formats/relationFile";
import { ProblemError } from "../../protocol/problem";
import { readContent, type FileContent } from "./fileContent";

const relationSuffix = /\.relation\.(ya?ml|json)$/i;

/** Folders of thousands are no place where one file belongs to another. */
const mostFiles = 200;

/**
 * The file beside a prompt file that has subjects for it: a relation file that names it as its `template`, else a
 * relation file or a list of pairs of the same base name, else a relation file with one of its templates.
 * @throws ProblemError where that file has errors
 */
export async function samplesBeside({ file, templates }: FileContent): Promise<FileContent | null> {
  const names = await namesBeside(file);
  const namesakes = names.filter((name) => baseName(name) === baseName(file));
  const namesake =
    namesakes.find((name) => relationSuffix.test(name)) ?? namesakes.find((name) => /\.(tsv|jsonl)$/i.test(name));
  const relations = await relationsAt(file, names);
  const texts = new Set(templates.map(({ text }) => text.trim()));
  const found =
    relations.find(({ path, templateFile }) => templateFile !== null && resolve(dirname(path), templateFile) === file)
      ?.path ??
    (namesake && join(dirname(file), namesake)) ??
    relations.find((relation) => relation.templates.some((text) => texts.has(text.trim())))?.path;
  return found === undefined ? null : contentOf(found, ({ samples }) => samples.length > 0);
}

/**
 * The file of the same base name beside a list of pairs that asks about them.
 * @throws ProblemError where that file has errors
 */
export async function templatesBeside({ file }: FileContent): Promise<FileContent | null> {
  const namesakes = (await namesBeside(file)).filter((name) => baseName(name) === baseName(file));
  const ordered = [...namesakes.filter((n) => relationSuffix.test(n)), ...namesakes.filter((n) => isPromptFile(n))];
  for (const name of ordered) {
    const found = await contentOf(join(dirname(file), name), ({ templates }) => templates.length > 0);
    if (found !== null) return found;
  }
  return null;
}

const baseName = (name: string): string => nameFromPromptFile(name.replace(relationSuffix, ".prompt"));

/** Other files of the folder, in order of their names. */
async function namesBeside(file: string): Promise<string[]> {
  const names = await readdir(dirname(file)).catch(() => []);
  return names.filter((name) => join(dirname(file), name) !== file).sort();
}

interface RelationBeside {
  readonly path: string;
  readonly templates: readonly string[];
  readonly templateFile: string | null;
}

/** Relation files of the folder that can be read; an error in one that nobody asked for is no matter here. */
async function relationsAt(file: string, names: readonly string[]): Promise<RelationBeside[]> {
  const paths = names.filter((name) => relationSuffix.test(name)).map((name) => join(dirname(file), name));
  const read = await Promise.all(
    paths.slice(0, mostFiles).map(async (path) => {
      const text = await readFile(path, "utf8").catch(() => "");
      const { relation } = parseRelation(text, path);
      return relation && { path, templates: relation.templates, templateFile: relation.templateFile ?? null };
    }),
  );
  return read.flatMap((found) => found ?? []);
}

async function contentOf(path: string, suits: (content: FileContent) => boolean): Promise<FileContent | null> {
  const { content, problems } = await readContent(path);
  if (content === null) throw new ProblemError(problems);
  return suits(content) ? content : null;
}
