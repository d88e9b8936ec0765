import { dot, multiply, transpose, type Matrix } from "../../linalg/matrix";
import { random } from "../../linalg/random";
import { mean, quantile } from "../statistics/intervals";
import type { SubjectScores } from "../subspaces/relationalSubspaces";
import { centredGram, cka } from "./cka";
import { groupByPassage, shufflePassages, type Passages } from "./passages";

/** Permutations behind the upper end of the null of CKA. */
const draws = 40;
/** One-sided: of layers that have nothing in common, one in twenty is above it. */
const upper = 0.95;

/** Entry [i][j]: layer i of the left model against layer j of the right; null where a layer has no value. */
export interface LayerComparison {
  readonly matrix: (number | null)[][];
  /** Mean of the same with the contexts, or answers, permuted. */
  readonly nullMatrix: (number | null)[][];
  /** 95% quantile of the same. */
  readonly nullUpper: (number | null)[][];
}

/**
 * Linear CKA of every layer of one model with every layer of another. The null is the exact mean over permutations
 * that take pairs of contexts of one passage to such pairs, and others to others (for single contexts, over all):
 * with D the sum of the diagonal of a Gram matrix, W that of the pairs within passages and B that of the rest,
 * E⟨K, K'⟩ = D D'/n + W W'/n_W + B B'/n_B. Its quantile is that of 40 such permutations, the same for
 * every pair of layers.
 *
 * @param left rows of every layer over the same contexts, each [n, d of that layer]; so is `right`
 */
export function layerCkaMap(
  left: readonly Matrix[],
  right: readonly Matrix[],
  passageOf: Int32Array,
  seed: number,
): LayerComparison {
  const passages = groupByPassage(passageOf);
  const [gramsL, gramsR] = [left.map(centredGram), right.map(centredGram)];
  const [partsL, partsR] = [gramsL.map((gram) => partSums(gram, passages)), gramsR.map((gram) => partSums(gram, passages))]; // prettier-ignore
  const pairs = pairCounts(passages);
  const [sizesL, sizesR] = [gramsL.map(lengthOf), gramsR.map(lengthOf)];
  const size = (i: number, j: number) => sizesL[i]! * sizesR[j]!;
  const permuted = permutedProducts(gramsL, gramsR, passages, seed);
  const table = (value: (i: number, j: number) => number) =>
    left.map((_, i) => right.map((__, j) => finite(value(i, j))));
  return {
    matrix: table((i, j) => cka(gramsL[i]!, gramsR[j]!)),
    nullMatrix: table((i, j) => {
      const expected = pairs.reduce((sum, count, part) => sum + (count > 0 ? (partsL[i]![part]! * partsR[j]![part]!) / count : 0), 0); // prettier-ignore
      return expected / size(i, j);
    }),
    nullUpper: table((i, j) => quantile(permuted[i]![j]!, upper) / size(i, j)),
  };
}

/** ⟨K, K'⟩ of layer i and layer j in every draw. */
function permutedProducts(left: readonly Matrix[], right: readonly Matrix[], passages: Passages, seed: number) {
  const source = random(seed, "layer map null");
  const unmoved = Int32Array.from(passages.of.keys());
  const triangles = left.map((gram) => triangle(gram, unmoved));
  const out = left.map(() => right.map(() => new Float64Array(draws)));
  for (let draw = 0; draw < draws; draw++) {
    const order = shufflePassages(passages, source);
    right.forEach((gram, j) => {
      const permuted = triangle(gram, order);
      triangles.forEach((own, i) => (out[i]![j]![draw] = dot(own, permuted)));
    });
  }
  return out;
}

/** A symmetric matrix, permuted, as a vector of half the length with the same inner products. */
function triangle({ rows: n, data }: Matrix, order: Int32Array): Float64Array {
  const out = new Float64Array((n * (n + 1)) / 2);
  for (let i = 0, at = 0; i < n; i++) {
    const start = order[i]! * n;
    for (let j = 0; j < i; j++, at++) out[at] = Math.SQRT2 * data[start + order[j]!]!;
    out[at++] = data[start + order[i]!]!;
  }
  return out;
}

function lengthOf({ data }: Matrix): number {
  return Math.sqrt(dot(data, data));
}

/** Sums of the diagonal, of the pairs within passages and of the other pairs. */
function partSums({ rows: n, data }: Matrix, { of }: Passages): [number, number, number] {
  const sums: [number, number, number] = [0, 0, 0];
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = 0; j < n; j++, at++) sums[i === j ? 0 : of[i] === of[j] ? 1 : 2] += data[at]!;
  }
  return sums;
}

function pairCounts({ contexts, of }: Passages): [number, number, number] {
  const n = of.length;
  const within = contexts.reduce((sum, { length }) => sum + length * (length - 1), 0);
  return [n, within, n * (n - 1) - within];
}

/**
 * Overlap of what the relational subspaces of two models' layers say about the same subjects: the mean squared cosine
 * of the principal angles between the spans in R^n of the left-out predictions, 1 where one contains the other. No
 * change of either layer's coordinates moves it. The null is the mean over fits with the answers permuted, alike in
 * both models.
 *
 * @param left `scores` of `relationalSubspaces` for every layer; null where a layer has no subspace. The same subjects,
 *   stream, seed and draws in both models, so that answers were permuted alike.
 */
export function layerOverlapMap(
  left: readonly (SubjectScores | null)[],
  right: readonly (SubjectScores | null)[],
): LayerComparison {
  const table = (value: (a: SubjectScores, b: SubjectScores) => number) =>
    left.map((a) => right.map((b) => (a === null || b === null ? null : finite(value(a, b)))));
  return {
    matrix: table((a, b) => overlap(a.basis, b.basis)),
    nullMatrix: table((a, b) => mean(permutedOverlaps(a, b))),
    nullUpper: table((a, b) => quantile(permutedOverlaps(a, b), upper)),
  };
}

/** NaN alone where nothing was permuted. */
function permutedOverlaps(a: SubjectScores, b: SubjectScores): number[] {
  const count = Math.min(a.permuted.length, b.permuted.length);
  return count === 0 ? [NaN] : Array.from({ length: count }, (_, k) => overlap(a.permuted[k]!, b.permuted[k]!));
}

function overlap(left: Matrix, right: Matrix): number {
  const inner = multiply(transpose(left), right);
  return Math.min(1, dot(inner.data, inner.data) / Math.min(left.cols, right.cols));
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
