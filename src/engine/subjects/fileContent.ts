import { basename, dirname, resolve } from "node:path";
import { formatOfContent } from "../../formats/prompts/formatOfContent";
import { isRelationFile, promptFormatOf } from "../../formats/prompts/promptFormat";
import { readPromptFile } from "../../formats/prompts/readPromptFile";
import { readTextFile } from "../../formats/readTextFile";
import { parseRelation } from "../../formats/relationFile";
import type { PromptChoice, PromptChoices } from "../../protocol/engine";
import type { Position, Problem } from "../../protocol/problem";
import type { ChatMessage, Relation, Sample } from "../../protocol/relation";
import { inReach } from "../reach";

/** What a file of any kind has of a relation: templates, samples, or both. */
export interface FileContent {
  /** Absolute. */
  readonly file: string;
  /** A prompt file may have a sample or two as examples; a relation file has those that it means. */
  readonly kind: "relation" | "prompt";
  readonly name: string;
  readonly templates: readonly Template[];
  readonly samples: readonly Sample[];
  /** Of the samples. */
  readonly samplePositions: readonly Position[];
  readonly choices: PromptChoices;
  /** What else a relation file says, such as its pairs. */
  readonly more: Omit<Relation, "name" | "templates" | "chats" | "templateFile" | "samples">;
}

export interface Template {
  /** With one `{}`. */
  readonly text: string;
  /** Of a chat. */
  readonly messages: readonly ChatMessage[] | null;
}

export interface ContentOrProblems {
  /** Null exactly where one of the problems is an error. */
  readonly content: FileContent | null;
  readonly problems: readonly Problem[];
}

/**
 * Reads a relation file or a prompt file, by its name and what is in it; what is of no known format is read as a
 * relation.
 * @param file absolute
 * @param text unsaved; the file is read where absent
 */
export async function readContent(file: string, text?: string, choice?: PromptChoice): Promise<ContentOrProblems> {
  if (text !== undefined) return parseContent(file, text, choice);
  const read = await readTextFile(file, promptFormatOf(file) === null ? "relation" : "prompt");
  return read.text === null ? { content: null, problems: [read.problem] } : parseContent(file, read.text, choice);
}

function parseContent(
  file: string,
  text: string,
  choice?: PromptChoice,
): ContentOrProblems | Promise<ContentOrProblems> {
  const isPrompt = !isRelationFile(file) && formatOfContent(text, file) !== null;
  return isPrompt ? promptContent(file, text, choice) : relationContent(file, text);
}

function promptContent(file: string, text: string, choice?: PromptChoice): ContentOrProblems {
  const { prompt, problems } = readPromptFile(text, file, choice);
  if (prompt === null) return { content: null, problems };
  const { name, templates, samples, slots = [], lists = [] } = prompt;
  const [slot] = templates.flatMap((template) => (slots.includes(template.slot) ? template.slot : []));
  const list = lists.find((known) => known === name);
  const content = {
    file,
    kind: "prompt" as const,
    name,
    templates: templates.map(({ text: template, messages }) => ({ text: template, messages })),
    samples: samples.map(({ sample }) => sample),
    samplePositions: samples.map(({ position }) => position),
    choices: { slots, lists, read: { ...(slot !== undefined && { slot }), ...(list !== undefined && { list }) } },
    more: {},
  };
  return { content, problems };
}

async function relationContent(file: string, text: string): Promise<ContentOrProblems> {
  const { relation, samplePositions, problems } = parseRelation(text, file);
  if (relation === null) return { content: null, problems };
  const { name, templates, templateFile, samples, ...more } = relation;
  const other = templateFile === undefined ? null : await templatesOf(resolve(dirname(file), templateFile));
  const own = templates.map((template) => ({ text: template, messages: null }));
  const all = [...problems, ...(other?.problems ?? [])];
  if (other?.templates === null) return { content: null, problems: all };
  const content = {
    file,
    kind: "relation" as const,
    name,
    templates: [...(other?.templates ?? []), ...own],
    samples,
    samplePositions,
    choices: { slots: [], lists: [], read: {} },
    more,
  };
  return { content, problems: all };
}

async function templatesOf(
  file: string,
): Promise<{ templates: readonly Template[] | null; problems: readonly Problem[] }> {
  if (!(await inReach(file))) return { templates: null, problems: [outOfReach(file)] };
  const { text, problem } = await readTextFile(file, "prompt");
  if (text === null) return { templates: null, problems: [problem] };
  // Not those of a relation file: two could name each other.
  const { content, problems } = promptContent(file, text);
  if (content === null) return { templates: null, problems };
  if (content.templates.length > 0) return { templates: content.templates, problems };
  const none: Problem = {
    kind: "input",
    code: "templates-missing",
    severity: "error",
    message: "The file has no prompt, only words.",
    remedy: "Name a prompt file as `template`.",
    file,
  };
  return { templates: null, problems: [...problems, none] };
}

const outOfReach = (file: string): Problem => ({
  kind: "input",
  code: "template-not-trusted",
  severity: "error",
  message: `The prompt file ${basename(file)} is not read: it lies outside of the folder, which is not trusted.`,
  remedy: "Trust the folder, or put the file into it.",
  file,
});
