/** A relation and its prompts, as read from a relation file (see docs/relation-files.md). */
export interface Relation {
  readonly name: string;
  /** Each with exactly one subject slot `{}`. */
  readonly templates: readonly string[];
  /**
   * By template: the messages of a chat, of which exactly one content has the slot, or null for plain text. All are plain
   * where absent. A model's chat template makes the prompt from them.
   */
  readonly chats?: readonly (readonly ChatMessage[] | null)[];
  /** Prompt file with more templates, relative to this file; none are left to read once the relation is analysed. */
  readonly templateFile?: string;
  readonly samples: readonly Sample[];
  /** Word pairs for parallelism; the samples' own subject and object where absent. */
  readonly pairs?: readonly WordPair[];
  /** Relation files that steering must leave alone, relative to this file. */
  readonly controlRelations?: readonly string[];
  /** Assertions on report fields, such as `linearity.faithfulness: ">= 0.6"`. */
  readonly expect?: Readonly<Record<string, string>>;
  /** Model folder or hub id that the file asks for. */
  readonly model?: string;
  /** The `properties` of an LRE relation file, carried along and not interpreted. */
  readonly properties?: Readonly<Record<string, unknown>>;
}

export interface Sample {
  readonly subject: string;
  /** Absent when the model's own answer is to be the label. */
  readonly object?: string;
  /** A class of the user's own, for the `label` probe. */
  readonly label?: string;
}

export interface WordPair {
  readonly from: string;
  readonly to: string;
}

export interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}
