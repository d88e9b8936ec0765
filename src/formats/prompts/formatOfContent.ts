import { childOf, type LocatedNode } from "../locatedNode";
import { isJsonFile, parseData } from "../parseData";
import { isMessages } from "./messages";
import type { PromptFormat } from "./promptFile";
import { promptFormatOf } from "./promptFormat";
import { inkedLines } from "./textLines";

const isDataFile = /\.(json|ya?ml)$/i;

/** The format that a file's name and content tell together; null where it has prompts in none of them. */
export function formatOfContent(content: string, file: string): PromptFormat | null {
  const named = promptFormatOf(file);
  if (named === "plain" && /\.txt$/i.test(file) && isAnalogies(content)) return "analogies";
  if (named !== null || !isDataFile.test(file)) return named;
  const { root } = parseData(content, file);
  if (root === null || isRelation(root)) return null;
  if (childOf(root, "prompts") !== undefined) return "promptfoo";
  return isJsonFile(file) && isMessages(root.kind === "mapping" ? childOf(root, "messages") : root) ? "chat" : null;
}

/** Whether a text in JSON or YAML is a relation, whatever its file is called, as the LRE data set's `name.json` are. */
export function isRelationContent(content: string, file: string): boolean {
  const text = content.startsWith("\ufeff") ? content.slice(1) : content;
  if (!isDataFile.test(file) || !text.includes("prompt_templates")) return false;
  const { root } = parseData(text, file);
  return root !== null && isRelation(root);
}

function isRelation(root: LocatedNode): boolean {
  return childOf(root, "prompt_templates") !== undefined && childOf(root, "samples") !== undefined;
}

/** Google's lists begin with a heading `: name` over lines of four words; of BATS, all lines have one tab. */
function isAnalogies(content: string): boolean {
  const lines = inkedLines(content).filter(({ text }) => !/^(#|\/\/)/.test(text));
  const [first, second] = lines;
  if (first === undefined || lines.some(({ text }) => text.includes("{"))) return false;
  if (/^:\s*\S/.test(first.text)) return second !== undefined && second.text.split(/\s+/).length === 4;
  return lines.every(({ text }) => text.split("\t").length === 2);
}
