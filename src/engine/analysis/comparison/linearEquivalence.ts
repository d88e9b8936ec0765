import type { Matrix } from "../../linalg/matrix";
import type { Similarity } from "./similarity";

export interface EquivalenceInput {
  /** Cᵀ f over the matched vocabulary, [n, d]; right [n, d']. */
  readonly xL: Matrix;
  readonly xR: Matrix;
  /** f as the model has it. */
  readonly fL: Matrix;
  readonly fR: Matrix;
  /** Log-ratios of diverse tokens, [n, k]. */
  readonly uL: Matrix;
  readonly uR: Matrix;
  /** Passage of each context. */
  readonly passageOf: Int32Array;
  readonly seed: number;
}

export interface EquivalenceFigures {
  readonly figures: {
    readonly r2Forward: Similarity;
    readonly r2Backward: Similarity;
    readonly meanCanonicalCorrelation: Similarity;
    readonly cka: Similarity;
    readonly dSvd: Similarity;
    readonly ckaEuclidean: Similarity;
    readonly r2Euclidean: Similarity;
  };
  /** Such as `5 folds by passage`. */
  readonly heldOut: string;
  readonly n: number;
  /** Canonical correlations behind their mean. */
  readonly components: number;
}

/** @returns null with fewer than two passages */
export function linearEquivalence(input: EquivalenceInput): EquivalenceFigures | null {
  throw new Error(`not yet ${input.seed}`);
}
