import type { Section } from "../../protocol/report";
import { reportFields } from "./reportFields";
import { wordsAt } from "./verdictWords";

/** What can be expected of a report, for completion and for telling what was meant. */
export interface ExpectationPath {
  readonly path: string;
  /** The section of the analysis that gives it; null for what every report has. */
  readonly section: Section | null;
  readonly kind: "number" | "words";
  /** All that a figure in words may say; empty where it may say anything, and for numbers. */
  readonly values: readonly string[];
  /** What may stand in brackets after the first name: `layer`, `estimator`. */
  readonly selectors: readonly string[];
}

/** Paths of figures, in the order of the report; a test resolves each of them in a real report. */
export const expectationPaths: readonly ExpectationPath[] = reportFields.flatMap(
  ({ root, section, numbers, words, selectors }) => [
    ...numbers.map((field) => ({ path: `${root}.${field}`, section, kind: "number", values: [], selectors }) as const),
    ...words.map(
      (field) =>
        ({ path: `${root}.${field}`, section, kind: "words", values: wordsAt(`${root}.${field}`), selectors }) as const,
    ),
  ],
);
