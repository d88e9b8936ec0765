import type { Identifiable, Interval } from "./figures";

export interface Parallelism {
  readonly pairs: readonly {
    readonly from: string;
    readonly fromId: number;
    readonly to: string;
    readonly toId: number;
  }[];
  readonly distributional: ParallelismMap | null;
  readonly causal: ParallelismMap | null;
  readonly euclidean: ParallelismMap | null;
  /** Participation ratio of S = mean f fᵀ over the relation's prompts. */
  readonly effectiveContexts: number | null;
  /** As `distributional`, with S over general contexts in place of the relation's prompts; null without such contexts. */
  readonly general?: ParallelismMap | null;
  /** Participation ratio of that S. */
  readonly generalEffectiveContexts?: number | null;
  /** Number of general contexts. */
  readonly generalContexts?: number;
  /** β[i][j] with l_i ≈ β l_j over the prompts, least squares through the origin. */
  readonly slopes: readonly (readonly number[])[];
  /** Differences f(x_b) − f(x_a), x_b with the object in the subject's slot. */
  readonly embeddings: { readonly causal: ParallelismMap | null; readonly euclidean: ParallelismMap | null } | null;
}

export type ParallelismVerdict =
  "parallel" | "class direction only" | "related words, no common direction" | "not parallel" | "too few pairs to tell";

export interface ParallelismMap {
  /** k×k cosines, rows in the order of the file. */
  readonly matrix: readonly (readonly number[])[];
  /** Mean off-diagonal cosine. */
  readonly mean: number;
  /** Bootstrap over pairs. */
  readonly interval: Interval | null;
  /** Mean over permutations of the partners. */
  readonly shuffledMean: number;
  /** One-sided, against shuffled partners. */
  readonly p: number;
  /** Null of random word pairs; null where it does not apply (embedding differences). */
  readonly randomPairsMean: number | null;
  /** 97.5% quantile of the same. */
  readonly randomPairsUpper: number | null;
  readonly verdict: ParallelismVerdict;
  readonly identifiable: Identifiable;
  /** Pairs. */
  readonly n: number;
}
