import type { LocatedMapping } from "../locatedNode";
import { parseYaml } from "../parseYaml";
import type { ProblemCollector } from "../problemCollector";
import { reportDocument } from "./document";

export interface FrontMatter {
  /** Null where there is nothing between the lines `---`. */
  readonly root: LocatedMapping | null;
  /** Where the text after it begins. */
  readonly bodyStart: number;
}

const opening = /^---[ \t]*(?:\r\n|\n|\r)/;
const closing = /^---[ \t]*(?:\r\n|\n|\r|$(?![\s\S]))/gm;

/** The YAML between the lines `---` that a file begins with; null where it does not begin so, or is no mapping. */
export function frontMatterOf(content: string): FrontMatter | null {
  const block = blockOf(content);
  if (block === null || block === "open") return null;
  const { root } = parseYaml(block.yaml);
  return root === null || root.kind === "mapping" ? { root, bodyStart: block.bodyStart } : null;
}

/** As `frontMatterOf`, for formats where it cannot be anything else: what is wrong with it is reported. */
export function readFrontMatter(content: string, problems: ProblemCollector): FrontMatter {
  const block = blockOf(content);
  if (block === null) return { root: null, bodyStart: 0 };
  if (block === "open") {
    problems.error(
      "prompt-front-matter-open",
      { start: 0, end: 3 },
      "The front matter that begins here does not end.",
      "Put a line with --- after the last of its keys.",
    );
    return { root: null, bodyStart: content.length };
  }
  const { bodyStart } = block;
  const root = reportDocument(parseYaml(block.yaml), "yaml", problems);
  if (root === null || root.kind === "mapping") return { root, bodyStart };
  problems.error(
    "prompt-wrong-type",
    root,
    "The front matter has no keys.",
    "Write a key and a value per line, such as name: capital.",
  );
  return { root: null, bodyStart };
}

function blockOf(content: string): { readonly yaml: string; readonly bodyStart: number } | "open" | null {
  const first = opening.exec(content)?.[0];
  if (first === undefined) return null;
  closing.lastIndex = first.length;
  const last = closing.exec(content);
  if (last === null) return "open";
  // A comment in place of the opening line, so that places in the block are places in the file.
  const yaml = "#".padEnd(first.length - 1) + "\n" + content.slice(first.length, last.index);
  return { yaml, bodyStart: last.index + last[0].length };
}
