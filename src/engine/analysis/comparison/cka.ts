import { columnMeans, dot, multiplyTransposed, subtractFromRows, type Matrix } from "../../linalg/matrix";
import { random } from "../../linalg/random";
import { mean, quantile } from "../statistics/intervals";
import { shiftedInterval, shufflePassages, type Passages } from "./passages";
import type { Similarity } from "./similarity";

const draws = 50;

/** Gram matrix of the rows minus their mean, [n, n]. */
export function centredGram(rows: Matrix): Matrix {
  const centred = subtractFromRows(rows, columnMeans(rows));
  return multiplyTransposed(centred, centred);
}

/**
 * Linear centred kernel alignment ⟨K, K'⟩ / (‖K‖ ‖K'‖) of centred Gram matrices [n, n] (Kornblith et al., *Similarity of
 * Neural Network Representations Revisited*, 2019): 1 for rows that are the same up to rotation and scale. It does not
 * fall to 0 for unrelated rows when there are few of them; hence the null. NaN where one side does not vary.
 */
export function cka(left: Matrix, right: Matrix): number {
  const value = dot(left.data, right.data) / Math.sqrt(dot(left.data, left.data) * dot(right.data, right.data));
  return Math.min(1, value);
}

/** With an interval over passages and the null of permuted ones. Null where one side does not vary. */
export function ckaFigure(
  left: Matrix,
  right: Matrix,
  passages: Passages,
  seed: number,
  identifiable: Similarity["identifiable"],
): Similarity | null {
  const [gramL, gramR] = [centredGram(left), centredGram(right)];
  const value = cka(gramL, gramR);
  if (!Number.isFinite(value)) return null;
  const weighted = weightedCka(gramL, gramR, passages);
  const source = random(seed, "cka null");
  const size = Math.sqrt(dot(gramL.data, gramL.data) * dot(gramR.data, gramR.data));
  const nulls = Array.from(
    { length: draws },
    () => permutedProduct(gramL, gramR, shufflePassages(passages, source)) / size,
  );
  return {
    value,
    interval: shiftedInterval(passages, value, weighted, random(seed, "cka interval")),
    nullMean: passages.count > 1 ? mean(nulls) : null,
    nullUpper: passages.count > 1 ? quantile(nulls, 0.975) : null,
    identifiable,
  };
}

/** Σ K_ij K'_π(i)π(j), of symmetric matrices. */
function permutedProduct(left: Matrix, right: Matrix, order: Int32Array): number {
  const n = order.length;
  let [diagonal, below] = [0, 0];
  for (let i = 0; i < n; i++) {
    const start = i * n;
    const other = order[i]! * n;
    for (let j = 0; j < i; j++) below += left.data[start + j]! * right.data[other + order[j]!]!;
    diagonal += left.data[start + i]! * right.data[other + order[i]!]!;
  }
  return diagonal + 2 * below;
}

/**
 * CKA of contexts that count w times, w the same in a passage. With N = Σ w, centring K anew gives
 * ⟨K, K'⟩_w = Σ w_i w_j K_ij K'_ij − 2/N Σ w_i (K w)_i (K' w)_i + (wᵀ K w)(wᵀ K' w)/N².
 */
export function weightedCka(left: Matrix, right: Matrix, passages: Passages): (counts: Int32Array) => number {
  const { of, count } = passages;
  const n = of.length;
  const sums = [sumsOverPassages(left, passages), sumsOverPassages(right, passages)] as const;
  const products = [
    entryProducts(left, right, passages),
    entryProducts(left, left, passages),
    entryProducts(right, right, passages),
  ] as const;
  const weighted = [new Float64Array(n), new Float64Array(n)] as const;
  return (w) => {
    let total = 0;
    for (let i = 0; i < n; i++) total += w[of[i]!]!;
    // (K w)_i; contexts that were not drawn are not needed.
    for (const side of [0, 1] as const) {
      for (let i = 0; i < n; i++) {
        let sum = 0;
        if (w[of[i]!]! > 0) for (let p = 0, at = i * count; p < count; p++, at++) sum += w[p]! * sums[side][at]!;
        weighted[side][i] = sum;
      }
    }
    const [kL, kR] = weighted;
    const product = (a: Float64Array, b: Float64Array, entries: Float64Array) => {
      let [direct, middle, outerA, outerB] = [0, 0, 0, 0];
      for (let p = 0, at = 0; p < count; p++)
        for (let q = 0; q < count; q++, at++) direct += w[p]! * w[q]! * entries[at]!;
      for (let i = 0; i < n; i++) {
        const own = w[of[i]!]!;
        middle += own * a[i]! * b[i]!;
        outerA += own * a[i]!;
        outerB += own * b[i]!;
      }
      return direct - (2 / total) * middle + (outerA * outerB) / total ** 2;
    };
    return product(kL, kR, products[0]) / Math.sqrt(product(kL, kL, products[1]) * product(kR, kR, products[2]));
  };
}

/** Σ K_ij over the contexts j of each passage, [n, passages]. */
function sumsOverPassages(gram: Matrix, { of, count }: Passages): Float64Array {
  const n = of.length;
  const sums = new Float64Array(n * count);
  for (let i = 0, at = 0; i < n; i++) for (let j = 0; j < n; j++, at++) sums[i * count + of[j]!]! += gram.data[at]!;
  return sums;
}

/** Σ K_ij K'_ij over the contexts of each pair of passages, [passages, passages]. */
function entryProducts(left: Matrix, right: Matrix, { of, count }: Passages): Float64Array {
  const n = of.length;
  const sums = new Float64Array(count * count);
  for (let i = 0, at = 0; i < n; i++) {
    const start = of[i]! * count;
    for (let j = 0; j < n; j++, at++) sums[start + of[j]!]! += left.data[at]! * right.data[at]!;
  }
  return sums;
}
