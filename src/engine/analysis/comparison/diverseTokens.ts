import type { Matrix } from "../../linalg/matrix";

/**
 * k + 1 tokens, the first the pivot y0, whose log-ratios to it are far from collinear in both models: [LLV] needs a
 * set with invertible differences. The choice follows from log-probabilities alone.
 * @param left log-probabilities log p(y|x) of candidate tokens (say the 512 likeliest), [n, candidates]; so is `right`
 * @returns columns of the candidates; fewer than k + 1 where the log-ratios have a smaller rank
 */
export function diverseTokens(left: Matrix, right: Matrix, k: number): Int32Array {
  throw new Error(`not yet ${left.rows} ${right.rows} ${k}`);
}

/** u(x, y) = log p(y|x) − log p(y0|x), [n, k], from log-probabilities [n, k + 1] with the pivot first. */
export function pivotLogRatios(logProbabilities: Matrix): Matrix {
  throw new Error(`not yet ${logProbabilities.rows}`);
}
