import { multiply, row, zeros, type Matrix } from "../../linalg/matrix";

/** Single precision as the model gives it, or double. */
export type LogitArray = Float32Array | Float64Array;

/** What a change of one prompt's logits does. */
export interface SteeredPrediction {
  /** The token with the largest logit; of equal ones the first. */
  readonly top: number;
  /** log p of a token, in nats. */
  readonly logProbability: (token: number) => number;
  /** KL(untouched ‖ steered) in nats over the vocabulary. */
  readonly kl: number;
}

/**
 * Predictions for logits ℓ + α δ, one for each α: KL(p_0 ‖ p_α) = log Z_α − log Z_0 − α E_0[δ].
 *
 * @param logits ℓ, [vocabulary]
 * @param change δ, [vocabulary]
 */
export function steeredPredictions(
  logits: LogitArray,
  change: ArrayLike<number>,
  alphas: readonly number[],
): SteeredPrediction[] {
  const untouched = logSum(logits, change, 0);
  let expected = 0;
  for (let y = 0; y < logits.length; y++) expected += Math.exp(logits[y]! - untouched.logZ) * change[y]!;
  return alphas.map((alpha) => {
    const { top, logZ } = alpha === 0 ? untouched : logSum(logits, change, alpha);
    return {
      top,
      logProbability: (token) => logits[token]! + alpha * change[token]! - logZ,
      kl: Math.max(0, logZ - untouched.logZ - alpha * expected),
    };
  });
}

function logSum(logits: LogitArray, change: ArrayLike<number>, alpha: number): { top: number; logZ: number } {
  let largest = -Infinity;
  let top = 0;
  for (let y = 0; y < logits.length; y++) {
    const value = logits[y]! + alpha * change[y]!;
    if (value > largest) [largest, top] = [value, y];
  }
  let sum = 0;
  for (let y = 0; y < logits.length; y++) sum += Math.exp(logits[y]! + alpha * change[y]! - largest);
  return { top, logZ: largest + Math.log(sum) };
}

/** Columns at a time when logits are combined; all of them in double precision would fill the memory. */
const block = 1024;

/**
 * Changes of logits made by vectors Σ_a c_a f(x_a): [q, vocabulary] from c [q, contexts] and the contexts' logits.
 *
 * @param logits [m, vocabulary]
 * @param contexts rows of `logits` that the columns of c stand for
 */
export function logitChanges(
  weights: Matrix,
  logits: LogitArray,
  contexts: ArrayLike<number>,
  vocabulary: number,
): Matrix {
  const q = weights.rows;
  const out = { rows: q, cols: vocabulary, data: new Float64Array(q * vocabulary) };
  for (let start = 0; start < vocabulary; start += block) {
    const width = Math.min(block, vocabulary - start);
    const some = zeros(contexts.length, width);
    for (let k = 0; k < contexts.length; k++) {
      const from = contexts[k]! * vocabulary + start;
      some.data.set(logits.subarray(from, from + width), k * width);
    }
    const changes = multiply(weights, some);
    for (let i = 0; i < q; i++) out.data.set(row(changes, i), i * vocabulary + start);
  }
  return out;
}
