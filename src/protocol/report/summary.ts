import type { Identifiable, Interval } from "./figures";

export type Section = "parallelism" | "linearity" | "probes" | "subspaces" | "steering" | "origins";
export const sections: readonly Section[] = ["parallelism", "linearity", "probes", "subspaces", "steering", "origins"];

/** What a person reads first: sentences, then a table of properties. The command line prints the same. */
export interface Summary {
  /** Most important first; the first says what the model itself does. */
  readonly headline: readonly string[];
  readonly properties: readonly PropertyRow[];
}

export interface PropertyRow {
  readonly section: Section;
  /** Report path of `value`, and so its key in `twins`; null where it has none. */
  readonly path: string | null;
  readonly property: string;
  readonly value: number | null;
  readonly interval: Interval | null;
  /** The value that no relation would give, and what it is. */
  readonly null: number | null;
  readonly nullName: string;
  readonly p: number | null;
  readonly n: number;
  readonly verdict: string;
  /** Whether the property holds, as the verdict says; null where too few subjects tell, or where it follows from the construction. */
  readonly holds: boolean | null;
  /** The state that the figure is about: f, which the identifiability theorem covers, or a hidden layer, which it does not. */
  readonly layer: "final" | number;
  /** What the figure cannot show although the verdict may sound so; null where there is nothing to add. */
  readonly caveat: string | null;
  readonly identifiable: Identifiable;
}
