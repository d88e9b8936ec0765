import { columnMeans, dot, multiplyTransposed, row, zeros, type Matrix } from "../../linalg/matrix";
import { random } from "../../linalg/random";
import { bootstrapInterval, mean, permutationP, quantile, type Interval } from "../statistics/intervals";

/** Differences of a concept's pairs, a row per pair, in coordinates whose plain inner product compares the two sides. */
export interface ConceptDifferences {
  /** f(x_b) − f(x_a): Cᵀ of it for the causal inner product. */
  readonly embeddings: Matrix;
  /** g(b) − g(a): C⁺ of it for the causal inner product. */
  readonly unembeddings: Matrix;
}

/**
 * Cosines of the mean embedding difference of each concept (row) with the mean unembedding difference of each (column)
 * ([Orig] section 4; linear-properties section 10). The causal inner product γᵀ Cov(g)⁻¹ γ' compares unembeddings; an
 * embedding λ is carried among them as Cov(g) λ ([Geo] theorem 3.2), and with C Cᵀ = Cov(g)
 *
 *     ⟨Cov(g) λ, γ⟩ = λ·γ = (Cᵀλ)·(C⁺γ),  ‖Cov(g) λ‖ = |Cᵀλ|,  ‖γ‖ = |C⁺γ|
 *
 * @returns null where a mean difference is zero
 * @throws RangeError when the coordinates differ in number
 */
export function alignmentMatrix(concepts: readonly ConceptDifferences[]): number[][] | null {
  const embeddings = meanRows(concepts.map(({ embeddings: rows }) => rows));
  const unembeddings = meanRows(concepts.map(({ unembeddings: rows }) => rows));
  const lengths = (rows: Matrix) =>
    Array.from({ length: rows.rows }, (_, i) => Math.sqrt(dot(row(rows, i), row(rows, i))));
  const [left, right] = [lengths(embeddings), lengths(unembeddings)];
  if ([...left, ...right].some((length) => !(length > 0))) return null;
  const inner = multiplyTransposed(embeddings, unembeddings);
  return left.map((a, i) => right.map((b, j) => inner.data[i * inner.cols + j]! / (a * b)));
}

export interface OwnAlignment {
  readonly own: number;
  readonly interval: Interval | null;
  readonly swappedMean: number;
  readonly swappedUpper: number;
  readonly p: number;
}

/**
 * The cosine of one concept with itself: a bootstrap interval over pairs, and its null. Shuffled partners would leave
 * both means where they are; instead the two words of every pair are swapped with probability ½, on both sides alike.
 * That keeps how each word's embedding goes with its own unembedding, and takes the concept away.
 *
 * @returns null where a mean difference is zero
 */
export function ownAlignment(
  { embeddings, unembeddings }: ConceptDifferences,
  {
    seed,
    resamples = 1000,
    draws = 1000,
  }: { readonly seed: number; readonly resamples?: number; readonly draws?: number },
): OwnAlignment | null {
  const k = embeddings.rows;
  const grams = [
    multiplyTransposed(embeddings, unembeddings),
    multiplyTransposed(embeddings, embeddings),
    multiplyTransposed(unembeddings, unembeddings),
  ] as const;
  /** Of weighted sums of the differences; sums and means have one cosine. */
  const cosine = (weights: ArrayLike<number>): number => {
    const [cross, left, right] = grams.map((gram) => quadraticForm(gram, weights));
    return cross! / Math.sqrt(left! * right!);
  };
  const own = cosine(new Float64Array(k).fill(1));
  if (!Number.isFinite(own)) return null;
  const source = random(seed, "alignment swaps");
  const swapped = Array.from({ length: draws }, () =>
    cosine(Float64Array.from({ length: k }, () => (source.integer(2) === 0 ? -1 : 1))),
  ).filter(Number.isFinite);
  return {
    own,
    interval: bootstrapInterval(k, cosine, { random: random(seed, "alignment bootstrap"), resamples }),
    swappedMean: swapped.length === 0 ? NaN : mean(swapped),
    swappedUpper: swapped.length === 0 ? NaN : quantile(swapped, 0.95),
    p: swapped.length === 0 ? NaN : permutationP(own, swapped),
  };
}

function quadraticForm({ rows: n, data }: Matrix, weights: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const weight = weights[i]!;
    if (weight === 0) continue;
    let product = 0;
    for (let j = 0; j < n; j++) product += data[i * n + j]! * weights[j]!;
    sum += weight * product;
  }
  return sum;
}

function meanRows(parts: readonly Matrix[]): Matrix {
  const out = zeros(parts.length, parts[0]?.cols ?? 0);
  parts.forEach((part, i) => row(out, i).set(columnMeans(part)));
  return out;
}
