import type { PromptDraft, Part, Syntax } from "./draft";
import { readFrontMatter } from "./frontMatter";
import { inkOf, plainTemplate } from "./plain";
import type { ProblemCollector } from "../problemCollector";
import type { PromptSource } from "./source";
import { textAt } from "./values";

const variable = /\$\{(input:)?([^{}:\n]*)(?::[^{}\n]*)?\}/g;

/** What the editor fills in from its own state when the prompt is run. */
const ofEditor: readonly string[] = [
  "file",
  "fileBasename",
  "fileBasenameNoExtension",
  "fileDirname",
  "selectedText",
  "selection",
  "workspaceFolder",
  "workspaceFolderBasename",
];

/** A prompt file of VS Code: Markdown with `${input:name}` or `${input:name:placeholder}`. */
export function readVscodePrompt({ content }: PromptSource, problems: ProblemCollector): PromptDraft {
  const { root, bodyStart } = readFrontMatter(content, problems);
  const span = inkOf(content, bodyStart, content.length);
  return {
    name: textAt(root, "name"),
    templates: span.start === span.end ? [] : [plainTemplate(content, span, readInputs, problems)],
    samples: [],
    declared: [],
    defaults: [],
    example: "${input:word}",
    valuesIn: null,
  };
}

const readInputs: Syntax = (text, place, problems) => {
  const parts: Part[] = [];
  let read = 0;
  for (const match of text.matchAll(variable)) {
    const [written, input, name = ""] = match;
    const end = match.index + written.length;
    const span = place(match.index, end);
    if (input === undefined && !ofEditor.includes(name)) continue;
    parts.push(text.slice(read, match.index));
    read = end;
    if (input === undefined) {
      problems.error(
        "prompt-editor-variable",
        span,
        `${written} comes from the editor's state when the prompt is run; an analysis has no value for it.`,
        "Write the text that it is to stand for.",
      );
    } else if (name.trim() === "") {
      problems.error("prompt-not-a-variable", span, `${written} has no name.`, "Write it as ${input:word}.");
    } else {
      parts.push({ name: `input:${name.trim()}`, written, ...span });
    }
  }
  parts.push(text.slice(read));
  return parts;
};
