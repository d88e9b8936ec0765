/** Logits of some contexts over the matched vocabulary, row-major [rows, cols]; column j is the same token in both. */
export interface LogitRows {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float32Array | Float64Array;
}

/** Of each context; nats. */
export interface ContextDistances {
  /** JS(p, p') ≤ log 2. */
  readonly js: Float64Array;
  /** KL(left ‖ right). */
  readonly kl: Float64Array;
  /** KL(right ‖ left). */
  readonly klBackward: Float64Array;
  /** 1 where both put the same token first; the first of equals. */
  readonly sameTop: Uint8Array;
}

/**
 * Distances between the softmax of two sets of logits, renormalised on the matched vocabulary, in float64. Equal rows
 * give exactly 0. With t = log p' − log p and s = log((1 + eᵗ)/2), JS = −½ Σ [p s + p' (s − t)].
 * @throws RangeError when the shapes differ
 */
export function contextDistances(left: LogitRows, right: LogitRows): ContextDistances {
  throw new Error(`not yet ${left.rows} ${right.rows}`);
}

/** One after the other. */
export function joinDistances(parts: readonly ContextDistances[]): ContextDistances {
  throw new Error(`not yet ${parts.length}`);
}
