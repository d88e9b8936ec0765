import type { Interval } from "../statistics/intervals";
import type { ContextDistances } from "./contextDistances";

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
 * Means over contexts with 95% bootstrap intervals over passages (1,000 resamples).
 * @param passageOf passage of each context
 * @throws RangeError without contexts
 */
export function distanceFigures(distances: ContextDistances, passageOf: Int32Array, seed: number): DistanceFigures {
  throw new Error(`not yet ${distances.js.length} ${passageOf.length} ${seed}`);
}
