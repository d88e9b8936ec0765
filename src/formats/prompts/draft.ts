import type { ChatMessage } from "../../protocol/relation";
import type { Span } from "../lineIndex";
import type { ProblemCollector } from "../problemCollector";

/** What a reader of one format finds in a file, before one of the variables becomes the subject. */
export interface PromptDraft {
  /** The file's own name for what it asks; null where it has none. */
  readonly name: string | null;
  readonly templates: readonly DraftTemplate[];
  readonly samples: readonly DraftSample[];
  /** Names of inputs that the file declares, for the one that was meant by a mistyped one. */
  readonly declared: readonly string[];
  /** Names of inputs that have a default, and so are hardly the subject. */
  readonly defaults: readonly string[];
  /** How this format writes a variable, for remedies. */
  readonly example: string;
  /** Where this format gives values to variables, for remedies; null where it cannot. */
  readonly valuesIn: string | null;
  /** Names of the lists of pairs, where the file has several. */
  readonly lists?: readonly string[];
}

export interface DraftTemplate extends Span {
  /** One of them for plain text. */
  readonly messages: readonly DraftMessage[];
  readonly isChat: boolean;
}

export interface DraftMessage {
  readonly role: ChatMessage["role"];
  readonly parts: readonly Part[];
}

/** A template is words and variables in turn. */
export type Part = string | Variable;

export interface Variable extends Span {
  readonly name: string;
  /** As in the file: `{{word}}`, `${input:word}`. */
  readonly written: string;
  /** The value that the template itself gives it. */
  readonly fallback?: string;
}

/** One set of inputs, or one pair of a list. */
export interface DraftSample extends Span {
  readonly values: ReadonlyMap<string, PlacedText>;
  readonly object: PlacedText | null;
  readonly label?: string;
}

export interface PlacedText extends Span {
  readonly text: string;
}

/** Where a piece of a text, by its offsets there, stands in the file. */
export type Place = (start: number, end: number) => Span;

/** For a text that stands in the file as it is, from `offset` on. */
export function placeFrom(offset: number): Place {
  return (start, end) => ({ start: offset + start, end: offset + end });
}

/** For a text that YAML or JSON may have folded or escaped: all of it. */
export function placeAt({ start, end }: Span): Place {
  return () => ({ start, end });
}

/** Reads the variables of one template language; what it cannot read is reported. */
export type Syntax = (text: string, place: Place, problems: ProblemCollector) => readonly Part[];

/** The variable name of a slot without one, `{}`, and of lists of pairs. */
export const unnamed = "{}";
