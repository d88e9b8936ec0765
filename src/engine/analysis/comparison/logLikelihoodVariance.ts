import type { Matrix } from "../../linalg/matrix";

export interface LogLikelihoodVariance {
  /** max of the terms. */
  readonly distance: number;
  /** Over labels, over contexts, scales over labels, scales over contexts. */
  readonly terms: readonly [number, number, number, number];
  /** Columns that took part, pivot first. */
  readonly labels: Int32Array;
  /** Rows behind the second and fourth term, pivot first. */
  readonly contexts: Int32Array;
}

/**
 * @param left log p(y|x) of diverse tokens, [n, k + 1], the pivot first; so is `right`
 * @param contexts rows of the second and fourth term, pivot first; absent: chosen here
 * @returns null with fewer than three contexts, or where no log-ratio varies
 */
export function logLikelihoodVariance(
  left: Matrix,
  right: Matrix,
  contexts?: ArrayLike<number>,
): LogLikelihoodVariance | null {
  throw new Error(`not yet ${left.rows} ${right.rows} ${contexts?.length}`);
}
