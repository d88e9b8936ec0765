import { random, type Random } from "../../linalg/random";
import { bootstrapInterval, type Interval } from "../statistics/intervals";
import { randomFolds, type Folds } from "../statistics/folds";

const foldCount = 5;
const resamples = 1000;
/** Of figures that cost more than a sum. */
const fewerResamples = 500;

/** Contexts by the passage that they are prefixes of: the unit of folds, bootstrap and permutation. */
export interface Passages {
  readonly count: number;
  /** Number of its passage, 0 … count − 1, for each context. */
  readonly of: Int32Array;
  /** Contexts of each passage, ascending. */
  readonly contexts: readonly Int32Array[];
}

/** @param passageOf any number for each context; passages are counted in the order in which they appear */
export function groupByPassage(passageOf: ArrayLike<number>): Passages {
  const contexts = new Map<number, number[]>();
  for (let i = 0; i < passageOf.length; i++) {
    const passage = passageOf[i]!;
    const known = contexts.get(passage);
    if (known === undefined) contexts.set(passage, [i]);
    else known.push(i);
  }
  const of = new Int32Array(passageOf.length);
  const groups = Array.from(contexts.values(), (group, p) => {
    for (const i of group) of[i] = p;
    return Int32Array.from(group);
  });
  return { count: groups.length, of, contexts: groups };
}

/** 5 folds of passages (fewer where there are fewer), the same for every figure. */
export function passageFolds(passages: Passages, seed: number): Folds {
  return randomFolds(passages.count, foldCount, random(seed, "comparison folds"));
}

/** Percentile bootstrap, 95%, over passages: `statistic` gets how often each was drawn. Null with fewer than two. */
export function passageInterval(
  passages: Passages,
  statistic: (counts: Int32Array) => number,
  source: Random,
  draws = resamples,
): Interval | null {
  return bootstrapInterval(passages.count, statistic, { random: source, resamples: draws });
}

/**
 * Percentile bootstrap of a figure in [0, 1] that rises when contexts repeat: a passage that was drawn twice is like
 * itself in both models, whatever they are. The draws are therefore moved by their bias, mean − value.
 */
export function shiftedInterval(
  passages: Passages,
  value: number,
  statistic: (counts: Int32Array) => number,
  source: Random,
): Interval | null {
  let [sum, finite] = [0, 0];
  const interval = passageInterval(
    passages,
    (counts) => {
      const draw = statistic(counts);
      if (Number.isFinite(draw)) {
        sum += draw;
        finite++;
      }
      return draw;
    },
    source,
    fewerResamples,
  );
  if (interval === null) return null;
  const bias = sum / finite - value;
  const move = (end: number) => Math.min(1, Math.max(0, end - bias));
  return [move(interval[0]), move(interval[1])];
}

/**
 * Which context stands in for each one when passages are permuted as wholes, since contexts of one passage are alike,
 * and their contexts at random within them, so that prefixes of the same length do not meet.
 */
export function shufflePassages({ contexts, count }: Passages, source: Random): Int32Array {
  const shuffled = Array.from(source.permutation(count)).flatMap((p) => {
    const own = contexts[p]!;
    return Array.from(source.permutation(own.length), (k) => own[k]!);
  });
  const order = new Int32Array(shuffled.length);
  let at = 0;
  for (const own of contexts) for (const i of own) order[i] = shuffled[at++]!;
  return order;
}

/** Sum of `values` [n] over each passage. */
export function sumByPassage({ of, count }: Passages, values: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(count);
  for (let i = 0; i < of.length; i++) sums[of[i]!]! += values[i]!;
  return sums;
}
