import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, extname, join, resolve } from "node:path";
import { ProblemError } from "../../protocol/problem";

/** Texts whose beginnings serve as contexts that no relation was asked about. */
export interface Passages {
  /** `general` for the collection that ships with the product, else the file or folder as it was named. */
  readonly source: string;
  readonly texts: readonly string[];
}

/** `source` of the product's own collection. */
const generalSource = "general";

const mostBytes = 16 << 20;
/** Passages that are taken from a larger collection, evenly over it. */
const mostPassages = 1000;
/** Longer passages end here: contexts are short. */
const mostWords = 64;
export const fewestWords = 3;

/**
 * The paragraphs of a text file, or of the `.txt` and `.md` files of a folder in alphabetical order; the product's
 * own collection where no source is named.
 *
 * @throws ProblemError for what is missing, empty, too large or no text
 */
export async function readPassages(source: string | null | undefined): Promise<Passages> {
  if (source === null || source === undefined) {
    return { source: generalSource, texts: paragraphs(await readFile(ownCollection(), "utf8")) };
  }
  const files = await textFiles(source);
  const texts: string[] = [];
  let bytes = 0;
  for (const file of files) {
    const content = await readFile(file);
    bytes += content.length;
    if (bytes > mostBytes)
      throw unusable("contexts-large", source, "has more than 16 MiB of text", "Name fewer files.");
    if (content.includes(0)) {
      throw unusable("contexts-not-text", file, "is no text", "Name a text file, or a folder of .txt or .md files.");
    }
    for (const text of paragraphs(content.toString("utf8"))) texts.push(text);
  }
  if (texts.length === 0) {
    throw unusable(
      "contexts-empty",
      source,
      `has no paragraph of ${fewestWords} words or more`,
      "Write a few sentences per paragraph, with an empty line between paragraphs.",
    );
  }
  return { source, texts: evenly(texts, mostPassages) };
}

/** Bundles lie one folder below the root and sources deeper, so the search goes upwards. */
function ownCollection(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, "contexts", "general.txt");
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) throw new Error("the general contexts are missing from this installation");
  }
}

async function textFiles(source: string): Promise<readonly string[]> {
  const path = resolve(source);
  const found = await stat(path).catch(() => null);
  if (found === null) {
    throw unusable("contexts-missing", source, "does not exist", "Name a text file, or a folder of .txt or .md files.");
  }
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => [".txt", ".md"].includes(extname(name).toLowerCase()));
  if (names.length > 0) return names.sort().map((name) => join(path, name));
  throw unusable("contexts-missing", source, "has no .txt or .md file", "Put texts there, or name another folder.");
}

function paragraphs(text: string): string[] {
  return text
    .replaceAll("\r\n", "\n")
    .split(/\n\s*\n/)
    .map((paragraph) =>
      paragraph
        .trim()
        .replace(/^[#>*\s-]+/, "")
        .split(/\s+/),
    )
    .filter((words) => words.length >= fewestWords)
    .map((words) => words.slice(0, mostWords).join(" "));
}

function evenly<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, i) => items[Math.floor((i * items.length) / most)]).filter(
    (item) => item !== undefined,
  );
}

function unusable(code: string, path: string, what: string, remedy: string): ProblemError {
  return new ProblemError([
    { kind: "input", code, severity: "error", message: `The source of contexts ${path} ${what}.`, remedy, file: path },
  ]);
}
