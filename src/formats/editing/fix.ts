import type { LocatedText } from "../locatedText";
import type { Place } from "./place";
import type { TextEdit } from "./textEdit";

/** What a fix does; the editor has a title for each. */
export type FixKind =
  | "writeSlot"
  | "subjectToSlot"
  | "appendSlot"
  | "keepFirstSlot"
  | "trim"
  | "quote"
  | "quoteTemplate"
  | "renameKey"
  | "removeKey"
  | "removeTemplate"
  | "removeSample"
  | "removePair"
  | "removeEntry"
  | "wrapInList"
  | "addSample"
  | "addFromCollection"
  | "addTemplate";

export interface Fix {
  readonly kind: FixKind;
  /** What the title speaks of: a slot as it was written, a key, a number of samples. */
  readonly words: readonly string[];
  readonly edits: readonly TextEdit[];
  /** The one that a person most likely wants. */
  readonly preferred: boolean;
  /** Changes nothing of what the relation says, so that it may be done to the whole file unasked. */
  readonly safe: boolean;
}

/** A problem of a file, as its fixes see it. */
export interface FixTarget {
  readonly located: LocatedText;
  /** What is written where the problem is. */
  readonly place: Place;
}

export function fix(
  kind: FixKind,
  edits: readonly (TextEdit | null)[],
  options: { readonly words?: readonly string[]; readonly preferred?: boolean; readonly safe?: boolean } = {},
): Fix[] {
  const { words = [], preferred = false, safe = false } = options;
  const whole = edits.filter((edit) => edit !== null);
  return whole.length === 0 || whole.length < edits.length ? [] : [{ kind, words, edits: whole, preferred, safe }];
}
