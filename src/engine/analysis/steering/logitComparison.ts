import type { LogitArray } from "./steeredPredictions";

/** The token with the largest logit; of equal ones the first. */
export function topToken(logits: LogitArray): number {
  let top = 0;
  for (let y = 1; y < logits.length; y++) if (logits[y]! > logits[top]!) top = y;
  return top;
}

/** KL(p ‖ q) in nats between the distributions of two rows of logits: log Z_q − log Z_p + E_p[ℓ_p − ℓ_q]. */
export function klDivergence(p: LogitArray, q: LogitArray): number {
  const [largestP, largestQ] = [p[topToken(p)]!, q[topToken(q)]!];
  let [sumP, sumQ, gap] = [0, 0, 0];
  for (let y = 0; y < p.length; y++) {
    const weight = Math.exp(p[y]! - largestP);
    sumP += weight;
    sumQ += Math.exp(q[y]! - largestQ);
    // A token without weight adds nothing, however far its logits are apart.
    if (weight > 0) gap += weight * (p[y]! - q[y]!);
  }
  return Math.max(0, largestQ - largestP + (Math.log(sumQ) - Math.log(sumP)) + gap / sumP);
}
