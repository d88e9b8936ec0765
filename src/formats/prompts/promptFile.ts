import type { Position, Problem } from "../../protocol/problem";
import type { ChatMessage, Sample } from "../../protocol/relation";

/** The kinds of files that people have prompts in, besides relation files. */
export const promptFormats = [
  "vscodePrompt",
  "prompty",
  "dotprompt",
  "promptfoo",
  "plain",
  "pairs",
  "analogies",
  "chat",
] as const;
export type PromptFormat = (typeof promptFormats)[number];

/** What a prompt file says, in the terms of a relation. */
export interface PromptFile {
  readonly format: PromptFormat;
  /** The file's own name for what it asks, else its file name. */
  readonly name: string;
  /** None for lists of pairs, which have samples only. */
  readonly templates: readonly PromptTemplate[];
  /** Sample inputs of the file itself; none where it is a template alone. */
  readonly samples: readonly { readonly sample: Sample; readonly position: Position }[];
  /** Where several variables could be the subject: their names, for `PromptChoice.slot`. */
  readonly slots?: readonly string[];
  /** Where the file has several lists of pairs: their names, for `PromptChoice.list`. */
  readonly lists?: readonly string[];
}

export interface PromptTemplate {
  /** With `{}` where the subject goes, once; of a chat, its messages joined by line ends. */
  readonly text: string;
  /** Of a chat: exactly one content has the `{}`. Null for plain text. */
  readonly messages: readonly ChatMessage[] | null;
  /** The variable that the subject takes the place of, as it is written in the file: `word`, `input:word`, `subject`. */
  readonly slot: string;
  readonly position: Position;
}

export interface PromptFileResult {
  /** Null exactly where one of the problems is an error. */
  readonly prompt: PromptFile | null;
  /** In the order of the text. */
  readonly problems: readonly Problem[];
}
