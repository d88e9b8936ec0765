import { columnMeans, dot, multiplyTransposed, row, subtract, zeros, type Matrix } from "../../linalg/matrix";
import { random } from "../../linalg/random";
import type { RandomPairsSample } from "../parallelism/randomPairs";
import { quantile, type Interval } from "../statistics/intervals";

/** Both words of a relation's pairs as vectors whose plain inner products are those of a geometry, [k, m] each. */
export interface RelationPairs {
  readonly from: Matrix;
  readonly to: Matrix;
  /** Name of each pair: pairs of two relations with one name are the same pair. */
  readonly names: readonly string[];
}

/** Random pairs of tokens, [tokens, m] in the same geometry. */
export interface RandomPairVectors {
  readonly sample: RandomPairsSample;
  readonly words: Matrix;
}

export interface PairCosines {
  /** Null where no two different pairs have a direction. */
  readonly matrix: (number | null)[][];
  readonly upper: (number | null)[][] | null;
  readonly intervals: (Interval | null)[][] | null;
}

export interface PairCosinesOptions {
  readonly seed: number;
  /** Null: neither `upper` nor `intervals`. */
  readonly randomPairs: RandomPairVectors | null;
  readonly resamples?: number;
}

/**
 * Parallelism across relations: entry (i, j) is the mean cosine between Δ_a of relation i and Δ_b of relation j over
 * all cells whose two pairs differ; so the diagonal is the relation's own parallelism (linear-properties section 4),
 * and a relation beside itself has that value too.
 *
 * `upper` is the 95% quantile when one of the two relations is replaced by as many random word pairs: of the absolute
 * value, and the larger of the two; on the diagonal, of the mean over random pairs themselves. Intervals are a
 * bootstrap over the pairs of each relation, without cells of a pair with its own copy.
 */
export function pairCosines(relations: readonly RelationPairs[], options: PairCosinesOptions): PairCosines {
  const { seed, randomPairs, resamples = 1000 } = options;
  const units = relations.map(({ from, to }) => unitRows(subtract(to, from)));
  const cells = relations.map((left, i) =>
    relations.slice(0, i + 1).map((right, j) => cellsOf(units[i]!, units[j]!, left.names, right.names)),
  );
  const once = relations.map(({ names }) => new Int32Array(names.length).fill(1));
  const symmetric = <T>(entry: (i: number, j: number) => T): T[][] =>
    relations.map((_, i) => relations.map((__, j) => entry(Math.max(i, j), Math.min(i, j))));
  const matrix = symmetric((i, j) => finite(weightedMean(cells[i]![j]!, once[i]!, once[j]!)));
  if (randomPairs === null) return { matrix, upper: null, intervals: null };

  const source = random(seed, "pair cosines bootstrap");
  const draws = Array.from({ length: resamples }, () => once.map(({ length }) => resample(length, source)));
  const { directions, own } = randomDirections(randomPairs);
  const means = units.map(columnMeans);
  const against = means.map((mean) => directions.map((direction) => Math.abs(dot(mean, direction))));
  const beside = against.map((values) => (values.length === 0 ? null : quantile(values, 0.95)));
  const diagonal = own.length === 0 ? null : quantile(own, 0.95);
  return {
    matrix,
    upper: symmetric((i, j) => (i === j ? diagonal : larger(beside[i]!, beside[j]!))),
    intervals: symmetric((i, j) => {
      if (Math.min(once[i]!.length, once[j]!.length) < 2) return null;
      const values = draws.map((counts) => weightedMean(cells[i]![j]!, counts[i]!, counts[j]!)).filter(Number.isFinite);
      return values.length === 0 ? null : [quantile(values, 0.025), quantile(values, 0.975)];
    }),
  };
}

/** Rows of length 1; a row of zeros stays. */
export function unitRows(rows: Matrix): Matrix {
  const out = zeros(rows.rows, rows.cols);
  for (let i = 0; i < rows.rows; i++) {
    const own = row(rows, i);
    const length = Math.sqrt(dot(own, own));
    if (length > 0) row(out, i).set(own.map((x) => x / length));
  }
  return out;
}

/** Cosines of different pairs; NaN where both are the same pair or one has no direction. */
function cellsOf(left: Matrix, right: Matrix, leftNames: readonly string[], rightNames: readonly string[]): Matrix {
  const cosines = multiplyTransposed(left, right);
  const none = (rows: Matrix, i: number) => row(rows, i).every((x) => x === 0);
  for (let a = 0; a < cosines.rows; a++) {
    for (let b = 0; b < cosines.cols; b++) {
      if (leftNames[a] === rightNames[b] || none(left, a) || none(right, b)) cosines.data[a * cosines.cols + b] = NaN;
    }
  }
  return cosines;
}

function weightedMean({ rows, cols, data }: Matrix, left: Int32Array, right: Int32Array): number {
  let sum = 0;
  let weights = 0;
  for (let a = 0; a < rows; a++) {
    const times = left[a]!;
    if (times === 0) continue;
    for (let b = 0; b < cols; b++) {
      const weight = times * right[b]!;
      const cosine = data[a * cols + b]!;
      if (weight === 0 || Number.isNaN(cosine)) continue;
      sum += weight * cosine;
      weights += weight;
    }
  }
  return sum / weights;
}

function resample(n: number, source: ReturnType<typeof random>): Int32Array {
  const counts = new Int32Array(n);
  for (let k = 0; k < n; k++) counts[source.integer(n)]!++;
  return counts;
}

/** Of every draw: the mean of its unit differences, and their mean off-diagonal cosine. */
function randomDirections({ sample, words }: RandomPairVectors): { directions: Float64Array[]; own: number[] } {
  const directions: Float64Array[] = [];
  const own: number[] = [];
  const difference = new Float64Array(words.cols);
  for (let draw = 0; draw < sample.draws; draw++) {
    const sum = new Float64Array(words.cols);
    let usable = 0;
    for (let k = draw * sample.pairs; k < (draw + 1) * sample.pairs; k++) {
      const [a, b] = [row(words, sample.from[k]!), row(words, sample.to[k]!)];
      for (let m = 0; m < difference.length; m++) difference[m] = b[m]! - a[m]!;
      const length = Math.sqrt(dot(difference, difference));
      if (length === 0) continue;
      for (let m = 0; m < sum.length; m++) sum[m]! += difference[m]! / length;
      usable++;
    }
    if (usable === 0) continue;
    directions.push(sum.map((x) => x / usable));
    if (usable > 1) own.push((dot(sum, sum) - usable) / (usable * (usable - 1)));
  }
  return { directions, own };
}

function larger(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b);
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
