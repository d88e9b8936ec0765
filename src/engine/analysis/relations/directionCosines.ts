import { row, zeros, type Matrix } from "../../linalg/matrix";
import { random } from "../../linalg/random";
import type { RandomPairsSample } from "../parallelism/randomPairs";
import { bootstrapInterval, mean, quantile, type Interval } from "../statistics/intervals";
import { cosineMatrix } from "../subspaces/conceptDirections";

export interface Orthogonality {
  /** Mean |cosine| between the directions of different relations. */
  readonly mean: number;
  /** Bootstrap over relations; null with fewer than three. */
  readonly interval: Interval | null;
}

/**
 * How far the directions of different concepts are from orthogonal, which unrelated concepts are expected to be in the
 * causal geometry ([Geo] theorem 2.2, [Orig] section 4).
 *
 * @returns null with fewer than two
 */
export function orthogonality(cosines: readonly (readonly number[])[], seed: number): Orthogonality | null {
  const n = cosines.length;
  if (n < 2) return null;
  const meanOver = (counts: ArrayLike<number>): number => {
    let [sum, cells] = [0, 0];
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) {
        const weight = counts[i]! * counts[j]!;
        sum += weight * Math.abs(cosines[i]![j]!);
        cells += weight;
      }
    }
    return sum / cells;
  };
  return {
    mean: meanOver(new Int32Array(n).fill(1)),
    interval: n < 3 ? null : bootstrapInterval(n, meanOver, { random: random(seed, "orthogonality bootstrap") }),
  };
}

/**
 * The same for sets of random word pairs, `relations` of them a draw.
 * @param sample whose draws are one set of pairs each
 * @param words of the sample in the geometry, [tokens, m]
 */
export function randomOrthogonality(
  sample: RandomPairsSample,
  words: Matrix,
  relations: number,
): { readonly mean: number; readonly upper: number } | null {
  const values: number[] = [];
  for (let first = 0; first + relations <= sample.draws; first += relations) {
    const directions = zeros(relations, words.cols);
    for (let set = 0; set < relations; set++) {
      const target = row(directions, set);
      for (let k = (first + set) * sample.pairs; k < (first + set + 1) * sample.pairs; k++) {
        const [a, b] = [row(words, sample.from[k]!), row(words, sample.to[k]!)];
        for (let m = 0; m < target.length; m++) target[m]! += b[m]! - a[m]!;
      }
    }
    const cosines = cosineMatrix(directions);
    const found = cosines === null ? null : orthogonalityOf(cosines);
    if (found !== null) values.push(found);
  }
  return values.length === 0 ? null : { mean: mean(values), upper: quantile(values, 0.95) };
}

function orthogonalityOf(cosines: readonly (readonly number[])[]): number | null {
  const values = cosines.flatMap((entries, i) => entries.slice(0, i).map(Math.abs));
  return values.length === 0 ? null : mean(values);
}
