import type { Interval } from "../statistics/intervals";

/** A figure of two sets of vectors over the same contexts, with what chance gives. */
export interface Similarity {
  readonly value: number;
  /** Bootstrap over passages; null with fewer than two. */
  readonly interval: Interval | null;
  /** Mean with the passages of one model permuted; null where there is nothing to permute. */
  readonly nullMean: number | null;
  /** The 97.5% quantile of the same; for d_SVD, a distance, the 2.5% one. */
  readonly nullUpper: number | null;
  /** Known by construction: from log-probabilities alone, or from the coordinates of f. */
  readonly identifiable: "always" | "never";
}
