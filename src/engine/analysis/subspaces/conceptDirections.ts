import { columnMeans, dot, multiplyTransposed, row, subtract, zeros, type Matrix } from "../../linalg/matrix";
import { rowSpace } from "../geometry/rowSpace";

/** Rows of g of the words of a concept's pairs, each [pairs, d]. */
export interface ConceptWords {
  readonly from: Matrix;
  readonly to: Matrix;
}

/** Directions of concepts, the mean of g(to) − g(from) over the pairs: [concepts, d]. [Geo] section 2. */
export function conceptDirections(concepts: readonly ConceptWords[]): Matrix {
  const out = zeros(concepts.length, concepts[0]?.from.cols ?? 0);
  concepts.forEach(({ from, to }, c) => row(out, c).set(columnMeans(subtract(to, from))));
  return out;
}

/**
 * The same in coordinates whose inner product is Δᵀ Σ⁻¹ Δ', Σ the Ledoit–Wolf covariance of the words themselves:
 * [concepts, k]. Words are far fewer than the vocabulary, so Σ is what the words at hand vary in, not Cov(g).
 */
export function mahalanobisDirections(concepts: readonly ConceptWords[]): Matrix {
  const parts = concepts.flatMap(({ from, to }) => [from, to]);
  const words = zeros(
    parts.reduce((rows, part) => rows + part.rows, 0),
    parts[0]?.cols ?? 0,
  );
  let at = 0;
  for (const part of parts) {
    words.data.set(part.data, at);
    at += part.data.length;
  }
  const space = rowSpace(words, { standardise: true });
  return conceptDirections(concepts.map(({ from, to }) => ({ from: space.project(from), to: space.project(to) })));
}

/** Cosines between the rows; null where one of them is zero. */
export function cosineMatrix(rows: Matrix): number[][] | null {
  const lengths = Array.from({ length: rows.rows }, (_, i) => Math.sqrt(dot(row(rows, i), row(rows, i))));
  if (lengths.some((length) => !(length > 0))) return null;
  const inner = multiplyTransposed(rows, rows);
  return lengths.map((a, i) => lengths.map((b, j) => (i === j ? 1 : inner.data[i * rows.rows + j]! / (a * b))));
}
