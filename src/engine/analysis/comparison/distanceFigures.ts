import { random } from "../../linalg/random";
import { mean, wilsonInterval, type Interval } from "../statistics/intervals";
import type { ContextDistances } from "./contextDistances";
import { groupByPassage, passageInterval, sumByPassage } from "./passages";

export interface DistanceFigures {
  readonly jensenShannon: number;
  readonly kl: number;
  readonly klBackward: number;
  readonly sameTopToken: number;
  /** Null with fewer than two passages. */
  readonly intervals: {
    readonly jensenShannon: Interval | null;
    readonly kl: Interval | null;
    readonly klBackward: Interval | null;
    readonly sameTopToken: Interval | null;
  };
  /** Contexts. */
  readonly n: number;
}

/**
 * Means over contexts with 95% bootstrap intervals over passages (1,000 resamples). The share's is Wilson's with the
 * passages as its trials, as if contexts of one passage were one: the bootstrap has no width where all agree.
 * @param passageOf passage of each context
 * @throws RangeError without contexts
 */
export function distanceFigures(distances: ContextDistances, passageOf: Int32Array, seed: number): DistanceFigures {
  const passages = groupByPassage(passageOf);
  const sizes = passages.contexts.map(({ length }) => length);
  const intervalOf = (values: ArrayLike<number>) => {
    const sums = sumByPassage(passages, values);
    // The same resamples for every figure.
    return passageInterval(passages, weightedMean(sums, sizes), random(seed, "distances"));
  };
  const sameTopToken = mean(distances.sameTop);
  return {
    jensenShannon: mean(distances.js),
    kl: mean(distances.kl),
    klBackward: mean(distances.klBackward),
    sameTopToken,
    intervals: {
      jensenShannon: intervalOf(distances.js),
      kl: intervalOf(distances.kl),
      klBackward: intervalOf(distances.klBackward),
      sameTopToken: passages.count < 2 ? null : wilsonInterval(sameTopToken * passages.count, passages.count),
    },
    n: distances.js.length,
  };
}

function weightedMean(sums: ArrayLike<number>, sizes: ArrayLike<number>) {
  return (counts: Int32Array) => {
    let [total, n] = [0, 0];
    for (let p = 0; p < counts.length; p++) {
      total += counts[p]! * sums[p]!;
      n += counts[p]! * sizes[p]!;
    }
    return total / n;
  };
}
