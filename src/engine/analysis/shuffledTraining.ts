/**
 * A permutation of all subjects, cut down to the training rows of a fold: whose target each training row gets.
 *
 * A shuffle made before the split would hand held-out answers to the training set. Here, where the permutation leads
 * to a held-out subject, it is followed on until it leads to a training subject; so every fold shuffles its own
 * training targets alone, uniformly (fixed points are kept), and the folds of one draw hang together as those of the
 * real fit do. Drawing anew in every fold would average the folds' chances out and make p too small.
 *
 * @param permutation of the subjects 0 … n − 1
 * @param train training rows; every subject has one row per stratum, in the same order in every stratum
 * @param subjects subject of each row
 * @returns for each training row (as a position in `train`) the position of the row whose target it gets, in the
 *   same stratum
 */
export function shuffledTrainingOrder(
  permutation: ArrayLike<number>,
  train: ArrayLike<number>,
  subjects: ArrayLike<number>,
): Int32Array {
  const positions = new Map<number, number[]>();
  for (let p = 0; p < train.length; p++) {
    const subject = subjects[train[p]!]!;
    const own = positions.get(subject);
    if (own === undefined) positions.set(subject, [p]);
    else own.push(p);
  }
  const out = new Int32Array(train.length);
  for (const [subject, own] of positions) {
    let other = permutation[subject]!;
    while (!positions.has(other)) other = permutation[other]!;
    const source = positions.get(other)!;
    own.forEach((p, stratum) => (out[p] = source[stratum]!));
  }
  return out;
}
