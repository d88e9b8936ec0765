import type { Section } from "../../protocol/report";

/** Something that can be written at the cursor. */
export interface Suggestion {
  readonly kind: "key" | "snippet" | "file" | "model" | "figure" | "value";
  readonly label: string;
  /** With tab stops such as `${1:easy}`. */
  readonly body: string;
  /** What the schema says of it. */
  readonly description?: string;
  /** Of a figure: the section of the analysis that gives it. */
  readonly section?: Section;
  /** Asks for what can be written next. */
  readonly more?: boolean;
}

/** What is there to refer to. */
export interface Known {
  /** Relation files, relative to the one that is edited. */
  readonly relationFiles: readonly string[];
  /** As they may stand behind `model:`. */
  readonly models: readonly string[];
}

/** Text that has no tab stops, as part of a snippet. */
export const literal = (text: string): string => text.replace(/[\\$}]/g, "\\$&");
