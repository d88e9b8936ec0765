import type { RidgeData, RidgeFold, ShuffledFit } from "./ridgeFold";

/**
 * Fits with shuffled training targets: for each permutation of the subjects, a fit per fold.
 * @param decades whether λ is chosen among whole decades whatever n
 */
export function shuffledFits(
  folds: readonly RidgeFold[],
  data: RidgeData,
  permutations: readonly ArrayLike<number>[],
  decades?: boolean,
): ShuffledFit[][] {
  const out = permutations.map((): ShuffledFit[] => []);
  if (permutations.length === 0) return out;
  for (const fold of folds) {
    const shuffle = trainingShuffler(fold.rows.train, data.subjects);
    const fits = fold.fitShuffled(permutations.map(shuffle), decades);
    fits.forEach((fit, draw) => out[draw]!.push(fit));
  }
  return out;
}

/**
 * A permutation of all subjects, cut down to the training rows of a fold: whose target each training row gets.
 *
 * A shuffle made before the split would hand held-out answers to the training set. Here, where the permutation leads
 * to a held-out subject, it is followed on until it leads to a training subject; so every fold shuffles its own
 * training targets alone, uniformly (fixed points are kept), and the folds of one draw hang together as those of the
 * real fit do.
 *
 * @param train training rows; every subject has one row per stratum, in the same order in every stratum
 * @param subjects subject of each row
 * @returns from a permutation of the subjects 0 … n − 1, for each training row (as a position in `train`) the
 *   position of the row whose target it gets, in the same stratum
 */
export function trainingShuffler(
  train: ArrayLike<number>,
  subjects: ArrayLike<number>,
): (permutation: ArrayLike<number>) => Int32Array {
  const positions: (number[] | undefined)[] = [];
  for (let p = 0; p < train.length; p++) (positions[subjects[train[p]!]!] ??= []).push(p);
  return (permutation) => {
    const out = new Int32Array(train.length);
    for (let subject = 0; subject < positions.length; subject++) {
      const own = positions[subject];
      if (own === undefined) continue;
      let other = permutation[subject]!;
      while (positions[other] === undefined) other = permutation[other]!;
      const source = positions[other]!;
      for (let s = 0; s < own.length; s++) out[own[s]!] = source[s]!;
    }
    return out;
  };
}
