import type { Random } from "../../linalg/random";

/** [lower, upper] end of a 95% interval. */
export type Interval = readonly [number, number];

/** 97.5% quantile of the standard normal distribution. */
const z = 1.959963984540054;

/**
 * Wilson's 95% score interval of a share: the shares s with |s − ŝ| ≤ z √(s(1 − s)/n). Within [0, 1], and not
 * empty for 0 or n successes. No trials give [0, 1].
 * @throws RangeError unless 0 ≤ successes ≤ n.
 */
export function wilsonInterval(successes: number, n: number): Interval {
  if (!(successes >= 0 && successes <= n)) throw new RangeError(`${successes} successes in ${n} trials`);
  if (n === 0) return [0, 1];
  const share = successes / n;
  const centre = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = ((z / n) * Math.sqrt(share * (1 - share) * n + (z * z) / 4)) / (1 + (z * z) / n);
  // Rounding must not leave an end beside the 0 or 1 that it is.
  return [successes === 0 ? 0 : centre - half, successes === n ? 1 : centre + half];
}

/**
 * Quantile with linear interpolation between order statistics: position q (n − 1) of the sorted values. The values
 * need not be sorted.
 * @throws RangeError without values, or unless 0 ≤ q ≤ 1.
 */
export function quantile(values: ArrayLike<number>, q: number): number {
  if (values.length === 0) throw new RangeError("no values to take a quantile of");
  if (!(q >= 0 && q <= 1)) throw new RangeError(`a quantile is between 0 and 1, not ${q}`);
  const sorted = Float64Array.from(values).sort();
  const position = q * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (position - below);
}

/** @throws RangeError without values. */
export function mean(values: ArrayLike<number>): number {
  if (values.length === 0) throw new RangeError("no values to take a mean of");
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

export interface BootstrapOptions {
  readonly random: Random;
  readonly resamples?: number;
}

/**
 * Percentile bootstrap, 95%, over n units that are drawn with replacement. `statistic` gets how often each unit was
 * drawn [n]; resamples in which it is not finite are left out. Null when n < 2 or no resample has a value.
 */
export function bootstrapInterval(
  n: number,
  statistic: (counts: Int32Array) => number,
  { random, resamples = 1000 }: BootstrapOptions,
): Interval | null {
  if (n < 2) return null;
  const values: number[] = [];
  const counts = new Int32Array(n);
  for (let r = 0; r < resamples; r++) {
    counts.fill(0);
    for (let i = 0; i < n; i++) counts[random.integer(n)]!++;
    const value = statistic(counts);
    if (Number.isFinite(value)) values.push(value);
  }
  return values.length === 0 ? null : [quantile(values, 0.025), quantile(values, 0.975)];
}

/**
 * One-sided p of a permutation test: (1 + draws at least as large as the observed value) / (1 + draws). Draws that
 * equal it up to rounding count as as large.
 */
export function permutationP(observed: number, draws: ArrayLike<number>): number {
  const tolerance = 1e-10 * Math.max(1, Math.abs(observed));
  let count = 0;
  for (let i = 0; i < draws.length; i++) if (draws[i]! >= observed - tolerance) count++;
  return (1 + count) / (1 + draws.length);
}
