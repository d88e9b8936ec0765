/** A file's text without byte order mark, and what the user chose where it leaves a choice. */
export interface PromptSource {
  readonly content: string;
  readonly file: string;
  readonly choice: PromptChoice;
}

export interface PromptChoice {
  /** The variable that is the subject, as `PromptTemplate.slot` names it. */
  readonly slot?: string;
  /** The list to read of a file that has several, as `PromptFile.lists` names it. */
  readonly list?: string;
}
