import type { Random } from "../../linalg/random";

/** Which units (subjects, pairs) are held out together: every unit is in one fold, no fold is empty. */
export interface Folds {
  readonly count: number;
  /** Fold of each unit. */
  readonly foldOf: Int32Array;
  /** True where every fold is one unit. */
  readonly leaveOneOut: boolean;
}

/** Up to this many subjects, leave-one-out (linear-properties section 5). */
const leaveOneOutUpTo = 30;
const foldsBeyond = 10;

/** Leave-one-out for n ≤ 30, else 10 folds of (nearly) equal size, drawn at random. */
export function subjectFolds(n: number, random: Random): Folds {
  return n <= leaveOneOutUpTo ? leaveOneOutFolds(n) : randomFolds(n, foldsBeyond, random);
}

export function leaveOneOutFolds(n: number): Folds {
  return { count: n, foldOf: Int32Array.from({ length: n }, (_, i) => i), leaveOneOut: true };
}

/** `count` folds (at most n) whose sizes differ by at most one. */
export function randomFolds(n: number, count: number, random: Random): Folds {
  return stratifiedFolds(new Int32Array(n), count, random);
}

/**
 * `count` folds (at most n) over which every class is spread as evenly as it goes: with `count` no larger
 * than the smallest class, every class is in every fold, and with `count` ≥ 2 in every training set.
 *
 * @param classOf class of each unit, 0, 1, …
 */
export function stratifiedFolds(classOf: ArrayLike<number>, count: number, random: Random): Folds {
  const n = classOf.length;
  const order = Array.from(random.permutation(n)).sort((i, j) => classOf[i]! - classOf[j]!);
  const folds = Math.min(count, n);
  const foldOf = new Int32Array(n);
  // Dealing round and round without starting afresh at each class keeps the folds' sizes equal, too.
  order.forEach((unit, position) => (foldOf[unit] = position % folds));
  return { count: folds, foldOf, leaveOneOut: folds === n };
}

/** Positions of `units` that are, and that are not, in the fold; ascending. */
export function splitByFold(
  units: ArrayLike<number>,
  folds: Folds,
  fold: number,
): { train: Int32Array; test: Int32Array } {
  const train: number[] = [];
  const test: number[] = [];
  for (let i = 0; i < units.length; i++) (folds.foldOf[units[i]!] === fold ? test : train).push(i);
  return { train: Int32Array.from(train), test: Int32Array.from(test) };
}

export function describeFolds(folds: Folds, unit: string): string {
  return folds.leaveOneOut ? `leave one ${unit} out` : `${folds.count} folds by ${unit}`;
}
