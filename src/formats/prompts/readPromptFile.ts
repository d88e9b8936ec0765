import { LineIndex } from "../lineIndex";
import { ProblemCollector } from "../problemCollector";
import { maximumBytes, notText, notTextRemedy, tooLarge, tooLargeRemedy } from "../readTextFile";
import { bindDraft } from "./bindDraft";
import { readAnalogies } from "./analogies";
import { readChat } from "./chat";
import { readDotprompt } from "./dotprompt";
import type { PromptDraft } from "./draft";
import { formatOfContent, isRelationContent } from "./formatOfContent";
import { readJsonLines } from "./jsonLines";
import { readPlain } from "./plain";
import { readPromptfoo } from "./promptfoo";
import { readPrompty } from "./prompty";
import { readTabSeparated } from "./tabSeparated";
import { readVscodePrompt } from "./vscodePrompt";
import type { PromptFile, PromptFileResult, PromptFormat } from "./promptFile";
import { isRelationFile, nameFromPromptFile } from "./promptFormat";
import type { PromptChoice, PromptSource } from "./source";

type Reader = (source: PromptSource, problems: ProblemCollector) => PromptDraft | null;

const readers: Readonly<Record<PromptFormat, Reader>> = {
  vscodePrompt: readVscodePrompt,
  prompty: readPrompty,
  dotprompt: readDotprompt,
  promptfoo: readPromptfoo,
  plain: readPlain,
  pairs: (source, problems) =>
    /\.tsv$/i.test(source.file) ? readTabSeparated(source, problems) : readJsonLines(source, problems),
  analogies: readAnalogies,
  chat: readChat,
};

const start = { start: 0, end: 0 };

/** Reads a prompt file's text by the format that its name and its content tell. Never throws. */
export function readPromptFile(text: string, file: string, choice: PromptChoice = {}): PromptFileResult {
  const content = text.startsWith("\ufeff") ? text.slice(1) : text;
  const lines = new LineIndex(content);
  const problems = new ProblemCollector(file, lines);
  const prompt = readContent({ content, file, choice }, lines, problems);
  return { prompt: problems.hasErrors ? null : prompt, problems: problems.problems };
}

function readContent(source: PromptSource, lines: LineIndex, problems: ProblemCollector): PromptFile | null {
  const { content, file, choice } = source;
  const nul = content.indexOf("\0");
  if (content.length > maximumBytes) {
    problems.error("prompt-file-too-large", start, tooLarge(content.length, "prompt"), tooLargeRemedy("prompt"));
    return null;
  }
  if (nul >= 0) {
    problems.error("prompt-file-binary", { start: nul, end: nul + 1 }, notText, notTextRemedy);
    return null;
  }
  const format = formatOfContent(content, file);
  if (format === null) {
    reportFormat(content, file, problems);
    return null;
  }
  const draft = content.trim() === "" ? null : readers[format](source, problems);
  const isList = format === "pairs" || format === "analogies";
  if (draft === null || (isList ? draft.samples : draft.templates).length === 0) {
    const message = isList ? "The file has no pairs." : "The file has no prompt.";
    if (!problems.hasErrors)
      problems.error(
        "prompt-empty-file",
        start,
        message,
        isList ? "Write a pair on each line." : "Write a prompt with a place for the subject.",
      );
    return null;
  }
  // What follows from a part that could not be read would only hide it.
  if (problems.hasErrors) return null;
  const bound = bindDraft(draft, choice.slot, lines, problems);
  const { lists } = draft;
  return { format, name: draft.name ?? nameFromPromptFile(file), ...bound, ...(lists !== undefined && { lists }) };
}

function reportFormat(content: string, file: string, problems: ProblemCollector): void {
  if (isRelationFile(file) || isRelationContent(content, file)) {
    const message = "This is a relation file, which is more than a prompt file.";
    problems.error("prompt-is-relation", start, message, "Analyse it as it is.");
    return;
  }
  problems.error(
    "prompt-unknown-format",
    start,
    "The file is of no known prompt format.",
    "Call it name.prompt.md, .prompty, .prompt, .promptfoo.yaml, .chat.json, .jsonl, .tsv, .txt or .md.",
  );
}
