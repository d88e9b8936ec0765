import type { CosineMatrix, Identifiable, Interval } from "./figures";

/** Traces of how linear representations come about ([Orig], linear-properties section 10), in this relation. */
export interface Origins {
  readonly logOddsMatching: LogOddsMatching | null;
  readonly alignment: EmbeddingAlignment | null;
}

/**
 * Do contexts that do not speak of the concept leave its log-odds log p(to | x) / p(from | x) where they are? Contexts
 * are general prompts; [Orig] predicts the same value in all of them, that of the concept itself.
 */
export interface LogOddsMatching {
  readonly pairs: readonly {
    readonly from: string;
    readonly to: string;
    /** Mean and standard deviation over the contexts, in nats. */
    readonly mean: number;
    readonly spread: number;
  }[];
  /** Mean over the pairs of `spread`, with a bootstrap interval over pairs. */
  readonly spread: number;
  readonly interval: Interval | null;
  /** The same for random word pairs. */
  readonly randomSpread: number;
  /** 5% quantile of the same, over draws of as many pairs. */
  readonly randomSpreadLower: number;
  /** Mean over contexts and pairs of the log-odds: the concept's own. */
  readonly concept: number;
  /** Mean absolute distance of a context's mean log-odds from `concept`, in nats. */
  readonly distance: number;
  /** The same for random word pairs. */
  readonly randomDistance: number;
  /** Pairs. */
  readonly n: number;
  readonly contexts: number;
  /** Contexts that were left out, because a word of the pairs occurs in them. */
  readonly contextsLeftOut: number;
  readonly identifiable: Identifiable;
}

/**
 * Cosine of the mean difference of embeddings f(x_b) − f(x_a) of each concept (row) with the mean difference of
 * unembeddings g(b) − g(a) of each (column): this relation first, then its control relations; x is the first template.
 */
export interface EmbeddingAlignment {
  readonly names: readonly string[];
  /** Pairs behind each. */
  readonly n: readonly number[];
  /** Embeddings carried by Cov(g) into the unembeddings' space, where the causal inner product compares them. */
  readonly causal: CosineMatrix | null;
  readonly euclidean: CosineMatrix | null;
  /** Cosine of this relation with itself, causal; its interval is a bootstrap over pairs. */
  readonly own: number | null;
  readonly interval: Interval | null;
  /**
   * The same where the two words of pairs are swapped at random, in embeddings and unembeddings alike: what follows from
   * each word's own embedding and unembedding, without a concept. (Shuffled partners leave both means where they are.)
   */
  readonly swappedMean: number | null;
  /** 95% quantile of the same. */
  readonly swappedUpper: number | null;
  /** One-sided, against swapped words. */
  readonly p: number | null;
  readonly identifiable: Identifiable;
}
