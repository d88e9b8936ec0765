import { random } from "../../linalg/random";

/** A subject whose prompt is steered, and one with another answer, which it is steered to. */
export interface SteeringPair {
  readonly subject: number;
  readonly target: number;
  /** Both are in it, and absent from what a vector is fitted on. */
  readonly fold: number;
}

export interface SteeringPairs {
  readonly pairs: readonly SteeringPair[];
  /** Of each subject. */
  readonly folds: Int32Array;
  readonly foldCount: number;
}

const mostFolds = 5;

/**
 * Five folds of subjects at random (fewer where they would have less than two), and within each fold the next subject
 * with another answer as target: where all answers differ, a derangement. Subjects whose fold has no other answer are
 * left out. The first `most` pairs do not depend on `most`.
 *
 * @param answers of the subjects
 */
export function steeringPairs(answers: ArrayLike<number>, seed: number, most: number): SteeringPairs {
  const n = answers.length;
  const foldCount = Math.max(1, Math.min(mostFolds, Math.floor(n / 2)));
  const order = random(seed, "steering pairs").permutation(n);
  const folds = new Int32Array(n);
  order.forEach((subject, place) => (folds[subject] = place % foldCount));
  const pairs: SteeringPair[] = [];
  order.forEach((subject, place) => {
    if (pairs.length >= most) return;
    const fold = place % foldCount;
    const members = Math.ceil((n - fold) / foldCount);
    const own = Math.floor(place / foldCount);
    for (let step = 1; step < members; step++) {
      const target = order[fold + ((own + step) % members) * foldCount]!;
      if (answers[target] === answers[subject]) continue;
      pairs.push({ subject, target, fold });
      return;
    }
  });
  return { pairs, folds, foldCount };
}
