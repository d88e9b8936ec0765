import type { Interval } from "./figures";

/**
 * Every figure on exact twins of the model (linear-properties section 1): [smallest, largest] by report path, such as
 * `parallelism.causal.mean` or `linearity[3].r2Logit`.
 */
export interface TwinRanges {
  /** Twins of each family. */
  readonly count: number;
  /** Twins behind figures that are costly to compute anew, by report path; `count` for all others. */
  readonly fewer: Readonly<Record<string, number>>;
  readonly condition: number;
  readonly changeOfBasis: Readonly<Record<string, Interval>>;
  readonly changeOfDimension: Readonly<Record<string, Interval>>;
}
