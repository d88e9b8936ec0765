import { multiplyTransposed, type Matrix } from "../../../src/engine/linalg/matrix";
import { random } from "../../../src/engine/linalg/random";
import { vocabularyGeometry, type VocabularyGeometry } from "../../../src/engine/analysis/geometry/geometry";

export function gaussian(rows: number, cols: number, seed: number): Matrix {
  const draws = random(seed, "gaussian");
  return { rows, cols, data: Float64Array.from({ length: rows * cols }, () => draws.normal()) };
}

/** Columns of very different size and a mean far from zero, as real unembeddings have. */
export function unevenRows(rows: number, cols: number, seed: number): Matrix {
  const a = gaussian(rows, cols, seed);
  return { ...a, data: a.data.map((x, k) => (x + 2) * 10 ** (-1 + (2 * (k % cols)) / cols)) };
}

export function geometryOf(g: Matrix, excluded: readonly number[] = []): VocabularyGeometry {
  return vocabularyGeometry({ weight: g.data, bias: null, vocabularySize: g.rows, hiddenSize: g.cols, excluded });
}

/** log p [tokens, contexts] by the definition: f·g − log Σ exp. */
export function logProbabilities(f: Matrix, g: Matrix): Matrix {
  const logits = multiplyTransposed(g, f);
  const { rows, cols, data } = logits;
  for (let j = 0; j < cols; j++) {
    let largest = -Infinity;
    for (let i = 0; i < rows; i++) largest = Math.max(largest, data[i * cols + j]!);
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += Math.exp(data[i * cols + j]! - largest);
    for (let i = 0; i < rows; i++) data[i * cols + j]! -= largest + Math.log(sum);
  }
  return logits;
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} numbers beside ${b.length}`);
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}

/** Largest difference, as a share of the largest entry of b. */
export function relativeDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let scale = 0;
  for (let i = 0; i < b.length; i++) scale = Math.max(scale, Math.abs(b[i]!));
  return largestDifference(a, b) / scale;
}

export function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, x) => sum + x, 0) / values.length;
}
