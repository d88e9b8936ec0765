import { LineIndex } from "../lineIndex";
import { ProblemCollector } from "../problemCollector";
import { maximumBytes, notText, notTextRemedy, readTextFile, tooLarge, tooLargeRemedy } from "../readTextFile";
import { bindDraft } from "./bindDraft";
import type { PromptDraft } from "./draft";
import { readPlain } from "./plain";
import type { PromptFile, PromptFileResult, PromptFormat } from "./promptFile";
import { nameFromPromptFile, promptFormatOf } from "./promptFormat";
import type { PromptChoice, PromptSource } from "./source";

type Reader = (source: PromptSource, problems: ProblemCollector) => PromptDraft | null;

const readers: Partial<Record<PromptFormat, Reader>> = { plain: readPlain };

const start = { start: 0, end: 0 };

/** Reads a prompt file's text by the format that its name and its content tell. Never throws. */
export function readPromptFile(text: string, file: string, choice: PromptChoice = {}): PromptFileResult {
  const content = text.startsWith("\ufeff") ? text.slice(1) : text;
  const lines = new LineIndex(content);
  const problems = new ProblemCollector(file, lines);
  const prompt = readContent({ content, file, choice }, lines, problems);
  return { prompt: problems.hasErrors ? null : prompt, problems: problems.problems };
}

/** As `readPromptFile`, for a file on disk; what cannot be read as text is a problem too. */
export async function readPromptFileFrom(path: string, choice: PromptChoice = {}): Promise<PromptFileResult> {
  const { text, problem } = await readTextFile(path);
  return text === null ? { prompt: null, problems: [problem] } : readPromptFile(text, path, choice);
}

function readContent(source: PromptSource, lines: LineIndex, problems: ProblemCollector): PromptFile | null {
  const { content, file, choice } = source;
  const nul = content.indexOf("\0");
  if (content.length > maximumBytes) {
    problems.error("prompt-file-too-large", start, tooLarge(content.length), tooLargeRemedy);
    return null;
  }
  if (nul >= 0) {
    problems.error("prompt-file-binary", { start: nul, end: nul + 1 }, notText, notTextRemedy);
    return null;
  }
  const format = promptFormatOf(file) ?? "plain";
  const draft = readers[format]?.(source, problems) ?? null;
  if (draft === null) return null;
  const bound = bindDraft(draft, choice.slot, lines, problems);
  const { lists } = draft;
  return { format, name: draft.name ?? nameFromPromptFile(file), ...bound, ...(lists !== undefined && { lists }) };
}
