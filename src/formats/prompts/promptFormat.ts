import type { PromptFormat } from "./promptFile";

const relationName = /\.relation\.(ya?ml|json)$/i;

/** The first that matches the file's name counts. */
const byName: readonly (readonly [RegExp, PromptFormat])[] = [
  [/\.prompt\.md$/i, "vscodePrompt"],
  [/\.prompty$/i, "prompty"],
  [/\.prompt$/i, "dotprompt"],
  [/^promptfooconfig.*\.(ya?ml|json)$/i, "promptfoo"],
  [/\.promptfoo\.(ya?ml|json)$/i, "promptfoo"],
  [/\.(chat|messages)\.json$/i, "chat"],
  [/\.(jsonl|tsv)$/i, "pairs"],
  [/^[A-Z]\d\d \[.+\]\.txt$/i, "analogies"],
  [/^questions-words.*\.txt$/i, "analogies"],
  [/\.(txt|md)$/i, "plain"],
];

/** The format that a file's name tells, without its content; null for relation files and all others. */
export function promptFormatOf(path: string): PromptFormat | null {
  const name = fileNameOf(path);
  if (relationName.test(name)) return null;
  return byName.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

export function isPromptFile(path: string): boolean {
  return promptFormatOf(path) !== null;
}

export function isRelationFile(path: string): boolean {
  return relationName.test(fileNameOf(path));
}

/** The last part of a path of either kind of separator: files may come from another system. */
function fileNameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

/** `prompts/capital.prompt.md` gives `capital`, `I01 [noun - plural_reg].txt` gives `noun - plural_reg`. */
export function nameFromPromptFile(path: string): string {
  const name = fileNameOf(path);
  const bats = /^[A-Z]\d\d \[(.+)\]\.txt$/i.exec(name)?.[1];
  return bats ?? (name.replace(/(\.(prompt|promptfoo|chat|messages))?\.[a-z]+$/i, "") || "prompt");
}
