import { dot, multiplyTransposed, row, selectRows, subtract, subtractFromRows, columnMeans, toRows, zeros, type Matrix } from "../../linalg/matrix"; // prettier-ignore
import { random } from "../../linalg/random";
import { bootstrapInterval, mean, permutationP, type Interval } from "../statistics/intervals";
import type { RandomPairsNull } from "./randomPairs";

/**
 * Both words of k pairs as vectors whose plain inner products are those of a geometry, [k, m] each:
 * - distributional: log p(word | x) over the prompts x, or f(x)·g(word), which differ by what all words share;
 * - causal: `VocabularyGeometry.unembed` of rows of g; for embeddings, `embed` of rows of f;
 * - Euclidean: rows of g, or of f.
 */
export interface PairVectors {
  readonly from: Matrix;
  readonly to: Matrix;
}

export type ParallelismVerdict =
  "parallel" | "class direction only" | "related words, no common direction" | "not parallel" | "too few pairs to tell";

export interface ParallelismMap {
  /** Cosines between the differences of the usable pairs, in their order. */
  readonly matrix: readonly (readonly number[])[];
  /** Mean off-diagonal cosine. */
  readonly mean: number;
  readonly interval: Interval | null;
  readonly shuffledMean: number;
  readonly p: number;
  readonly randomPairsMean: number | null;
  readonly randomPairsUpper: number | null;
  readonly verdict: ParallelismVerdict;
  readonly identifiable: null;
  readonly n: number;
}

export interface ParallelismOptions {
  readonly seed: number;
  /** Null of random word pairs in the same geometry; null where there is none (embedding differences). */
  readonly randomPairs: RandomPairsNull | null;
  /** Permutations of the partners, 1,000 where absent; 0 leaves `shuffledMean` and `p` out as NaN. */
  readonly permutations?: number;
  /** Resamples behind the interval, 1,000 where absent; 0 leaves it out. */
  readonly resamples?: number;
}

export interface ParallelismResult {
  /** Null with fewer than two usable pairs. */
  readonly map: ParallelismMap | null;
  /** Pairs whose words are the same vector and so have no direction, by their place in the input. */
  readonly dropped: readonly number[];
}

/** With three pairs, one of 3! = 6 permutations is the observed one and p cannot fall below 1/6. */
const fewestPairs = 4;

/**
 * Parallelism of the differences Δ_i = to_i − from_i (linear-properties section 4; [AoN], [Geo]): cosines, their
 * mean, and
 * - a bootstrap 95% interval over pairs, without the cells of a pair with itself, whose cosine is 1 whatever the data;
 * - the mean under shuffled partners, to_π(i) − from_i with fixed points kept, and its one-sided p. Every geometry
 *   gets the same permutations under the same seed;
 * - a verdict from both nulls.
 * O(k² (m + permutations + resamples)): the shuffles read the 2k×2k Gram matrix.
 * @throws RangeError when from and to differ in shape.
 */
export function parallelismMap(pairs: PairVectors, options: ParallelismOptions): ParallelismResult {
  const { seed, randomPairs, permutations = 1000, resamples = 1000 } = options;
  const usable = usablePairs(pairs);
  const kept = new Set(usable);
  const dropped = Array.from({ length: pairs.from.rows }, (_, i) => i).filter((i) => !kept.has(i));
  const n = usable.length;
  if (n < 2) return { map: null, dropped };

  const from = selectRows(pairs.from, usable);
  const to = selectRows(pairs.to, usable);
  const cosines = cosineMatrix(subtract(to, from));
  const interval = bootstrapInterval(n, (counts) => meanBetweenPairs(cosines, counts), {
    random: random(seed, "parallelism bootstrap"),
    resamples,
  });
  const draws = random(seed, "parallelism partners");
  const orders = Array.from({ length: permutations }, () => draws.permutation(n));
  const shuffledMeans = permutations === 0 ? [] : partnerMeans(from, to, orders);
  const average = meanOffDiagonal(cosines);
  const figures = {
    matrix: toRows(cosines),
    mean: average,
    interval,
    shuffledMean: permutations === 0 ? NaN : mean(shuffledMeans),
    p: permutations === 0 ? NaN : permutationP(average, shuffledMeans),
    randomPairsMean: randomPairs?.mean ?? null,
    randomPairsUpper: randomPairs?.upper ?? null,
    n,
  };
  return { map: { ...figures, verdict: parallelismVerdict(figures), identifiable: null }, dropped };
}

/**
 * Two questions: is there a common direction (the interval's lower end above the 97.5% quantile of random pairs;
 * above 0, their expectation, where that null does not exist), and does it need each word's own partner (p < 0.05
 * against shuffled partners)? The second alone is not parallelism: a shuffle keeps the sum of the differences, and
 * related words without any common direction pass it.
 */
export function parallelismVerdict(
  figures: Pick<ParallelismMap, "interval" | "p" | "randomPairsUpper" | "n">,
): ParallelismVerdict {
  if (figures.n < fewestPairs || figures.interval === null) return "too few pairs to tell";
  const commonDirection = figures.interval[0] > (figures.randomPairsUpper ?? 0);
  const ownPartner = figures.p < 0.05;
  if (commonDirection) return ownPartner ? "parallel" : "class direction only";
  return ownPartner ? "related words, no common direction" : "not parallel";
}

/** Places of the pairs whose two words differ. @throws RangeError when from and to differ in shape. */
export function usablePairs({ from, to }: PairVectors): number[] {
  if (from.rows !== to.rows || from.cols !== to.cols) {
    throw new RangeError(`${from.rows}×${from.cols} vectors beside ${to.rows}×${to.cols}`);
  }
  const usable: number[] = [];
  for (let i = 0, k = 0; i < from.rows; i++) {
    let [lengths, squared] = [0, 0];
    for (const end = k + from.cols; k < end; k++) {
      const x = from.data[k]!;
      const y = to.data[k]!;
      lengths += x * x + y * y;
      squared += (y - x) ** 2;
    }
    if (squared > 1e-24 * lengths) usable.push(i);
  }
  return usable;
}

/** Cosines between the rows; a row of zeros gives NaN. */
export function cosineMatrix(vectors: Matrix): Matrix {
  const gram = multiplyTransposed(vectors, vectors);
  const n = gram.rows;
  const lengths = new Float64Array(n);
  for (let i = 0; i < n; i++) lengths[i] = Math.sqrt(gram.data[i * n + i]!);
  const out = zeros(n, n);
  for (let i = 0, k = 0; i < n; i++) {
    for (let j = 0; j < n; j++, k++) out.data[k] = gram.data[k]! / (lengths[i]! * lengths[j]!);
    if (lengths[i]! > 0) out.data[i * n + i] = 1;
  }
  return out;
}

function meanOffDiagonal({ rows: n, data }: Matrix): number {
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) sum += data[i * n + j]!;
  return (2 * sum) / (n * (n - 1));
}

/** Mean over the cells of a resample whose two pairs are different original pairs; NaN where there is none. */
function meanBetweenPairs({ rows: n, data }: Matrix, counts: Int32Array): number {
  let sum = 0;
  let cells = 0;
  for (let i = 0; i < n; i++) {
    const times = counts[i]!;
    if (times === 0) continue;
    for (let j = 0; j < i; j++) {
      const weight = times * counts[j]!;
      sum += weight * data[i * n + j]!;
      cells += weight;
    }
  }
  return sum / cells;
}

/**
 * Mean off-diagonal cosine of to_π(i) − from_i for every permutation π: (‖Σ u_i‖² − k) / (k (k − 1)) for the unit
 * vectors u_i, with ‖Σ u_i‖² a quadratic form of the 2k×2k Gram matrix of both words. Where a shuffle pairs a word
 * with itself, that difference has no direction and its cells are left out; a shuffle without any cell has no mean.
 */
function partnerMeans(from: Matrix, to: Matrix, permutations: readonly Int32Array[]): Float64Array {
  const k = from.rows;
  const stacked = { rows: 2 * k, cols: from.cols, data: new Float64Array(2 * k * from.cols) };
  stacked.data.set(from.data);
  stacked.data.set(to.data, from.data.length);
  // What all words share leaves the differences unchanged, but would cost digits in the sums of four products.
  const centred = subtractFromRows(stacked, columnMeans(stacked));
  const gram = multiplyTransposed(centred, centred);
  const size = 2 * k;
  const weights = zeros(permutations.length, size);
  const usable = permutations.map((permutation, draw) => {
    const target = row(weights, draw);
    let count = 0;
    for (let i = 0; i < k; i++) {
      const b = k + permutation[i]!;
      const [aa, bb] = [gram.data[i * size + i]!, gram.data[b * size + b]!];
      const squared = aa + bb - 2 * gram.data[i * size + b]!;
      if (squared <= 1e-13 * (aa + bb)) continue;
      const inverse = 1 / Math.sqrt(squared);
      target[b] = inverse;
      target[i] = -inverse;
      count++;
    }
    return count;
  });
  const products = multiplyTransposed(weights, gram);
  return Float64Array.from(usable, (count, draw) => {
    return (dot(row(weights, draw), row(products, draw)) - count) / (count * (count - 1));
  }).filter(Number.isFinite);
}
