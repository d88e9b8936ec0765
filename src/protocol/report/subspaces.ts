import type { CosineMatrix, Identifiable, Interval } from "./figures";

export interface SubspaceAlignment {
  /** What is compared: two templates at one layer, two layers in one template, or two relations. */
  readonly between?: "templates" | "layers" | "relations";
  /** "final" for f; absent means f. */
  readonly layers?: readonly ["final" | number, "final" | number];
  readonly left: string;
  readonly right: string;
  readonly ranks: readonly [number, number];
  /** Of the principal angles, largest first. */
  readonly cosines: readonly number[];
  /** ‖U1ᵀU2‖²_F / min(k1, k2). */
  readonly overlap: number;
  /** Mean overlap when the answers are permuted in both fits. */
  readonly overlapExpected: number;
  /** 95% quantile of the same. */
  readonly overlapUpper: number;
  readonly p: number;
  /** Geodesic distance on the Grassmann manifold, radians. */
  readonly grassmann: number;
  /** Permutations behind the expectation. */
  readonly draws: number;
  /** Subjects in both fits. */
  readonly n: number;
  readonly identifiable: Identifiable;
}

/**
 * Cosines between the directions of concepts: the mean of g(to) − g(from) over the pairs of this relation and of each
 * control relation. Unrelated concepts are expected to be orthogonal in the causal geometry ([Geo], [Orig]).
 */
export interface ConceptDirections {
  readonly names: readonly string[];
  /** Pairs behind each. */
  readonly n: readonly number[];
  readonly distributional: CosineMatrix | null;
  readonly causal: CosineMatrix | null;
  readonly euclidean: CosineMatrix | null;
  /** Inner product Δᵀ Σ⁻¹ Δ' with Σ the shrunk covariance of the words' own g. */
  readonly mahalanobis: CosineMatrix | null;
}

/** The relation's subspace is removed from the residual stream after one layer, from the subject's last token on. */
export interface ErasureResult {
  readonly template: string;
  readonly layer: number;
  readonly rank: number;
  /** Subjects. */
  readonly n: number;
  /** Share of prompts whose top answer is the sample's (or the model's own) answer, before and after. */
  readonly before: number;
  readonly after: number;
  /** Wilson, for `after`. */
  readonly interval: Interval;
  /** As `after`, when a random subspace of the same rank is removed instead; mean over `randomDraws`. */
  readonly afterRandom: number;
  readonly randomDraws: number;
  /** Mean KL(before ‖ after) in nats on the relation's own prompts. */
  readonly kl: number;
  readonly controls: readonly {
    readonly relation: string;
    readonly n: number;
    readonly before: number;
    readonly after: number;
    readonly kl: number;
  }[];
}
