import { row, type Matrix } from "../../linalg/matrix";
import { random } from "../../linalg/random";
import { mean, quantile } from "../statistics/intervals";

/** Random word pairs: `draws` sets of as many pairs as the relation has. */
export interface RandomPairsSample {
  /** Ids whose vectors the null needs, distinct. */
  readonly tokens: Int32Array;
  /** [draws · pairs] places in `tokens`. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly draws: number;
  readonly pairs: number;
}

export interface RandomPairsNull {
  /** Mean over the draws of the mean off-diagonal cosine. */
  readonly mean: number;
  /** 97.5% quantile of the same. */
  readonly upper: number;
}

export interface RandomPairsOptions {
  /** Pairs in a draw: those of the relation. */
  readonly pairs: number;
  readonly seed: number;
  readonly draws?: number;
  /** The pairs are drawn from this many random tokens, so that a large vocabulary costs no more. */
  readonly pool?: number;
}

/**
 * The same tokens for every geometry under the same seed, so that their nulls differ by the geometry alone.
 * @param vocabulary ids that take part (`VocabularyGeometry.tokens`).
 * @throws RangeError with fewer than two ids.
 */
export function sampleRandomPairs(vocabulary: ArrayLike<number>, options: RandomPairsOptions): RandomPairsSample {
  const { pairs, seed, draws = 200, pool = 1024 } = options;
  if (vocabulary.length < 2) throw new RangeError("random pairs need two tokens or more");
  const source = random(seed, "parallelism random pairs");
  const size = Math.max(2, Math.min(pool, vocabulary.length));
  const tokens = Int32Array.from(source.permutation(vocabulary.length).subarray(0, size), (i) => vocabulary[i]!);
  const from = new Int32Array(draws * pairs);
  const to = new Int32Array(draws * pairs);
  // The words of a draw differ from one another, as those of a relation do, while the pool lasts.
  const order = Int32Array.from({ length: size }, (_, i) => i);
  const next = (at: number) => {
    const other = at + source.integer(size - at);
    const place = order[other]!;
    order[other] = order[at]!;
    order[at] = place;
    return place;
  };
  for (let k = 0; k < from.length; k++) {
    const at = 2 * ((k % pairs) % Math.floor(size / 2));
    from[k] = next(at);
    to[k] = next(at + 1);
  }
  return { tokens, from, to, draws, pairs };
}

/**
 * Mean off-diagonal cosine of random differences: (‖Σ u_i‖² − k) / (k (k − 1)) for unit vectors u_i. Pairs of equal
 * vectors have no direction and are left out. Null when no draw has two pairs.
 * @param vectors of the sample's tokens in the geometry at hand, [tokens, m].
 * @throws RangeError for another number of rows.
 */
export function randomPairsNull(sample: RandomPairsSample, vectors: Matrix): RandomPairsNull | null {
  if (vectors.rows !== sample.tokens.length) {
    throw new RangeError(`${vectors.rows} vectors for ${sample.tokens.length} tokens`);
  }
  const means: number[] = [];
  const sum = new Float64Array(vectors.cols);
  for (let draw = 0; draw < sample.draws; draw++) {
    sum.fill(0);
    let usable = 0;
    for (let k = draw * sample.pairs; k < (draw + 1) * sample.pairs; k++) {
      const a = row(vectors, sample.from[k]!);
      const b = row(vectors, sample.to[k]!);
      let squared = 0;
      for (let j = 0; j < sum.length; j++) squared += (b[j]! - a[j]!) ** 2;
      if (squared === 0) continue;
      const inverse = 1 / Math.sqrt(squared);
      for (let j = 0; j < sum.length; j++) sum[j]! += (b[j]! - a[j]!) * inverse;
      usable++;
    }
    if (usable < 2) continue;
    const squaredSum = sum.reduce((total, x) => total + x * x, 0);
    means.push((squaredSum - usable) / (usable * (usable - 1)));
  }
  return means.length === 0 ? null : { mean: mean(means), upper: quantile(means, 0.975) };
}
