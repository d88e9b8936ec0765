import { row, type Matrix } from "../../linalg/matrix";
import { mean } from "../statistics/intervals";

/** A mean over pairs of vectors, of which there may be none. */
export type Cosines = readonly (readonly (number | null)[])[];

/** How parallel the steering vectors of a run are. */
export interface SteeringCosines {
  /** Mean cosine of two unembedding steering vectors of a concept, mean over concepts; the matrix's diagonal. */
  readonly unembedding: number | null;
  readonly embedding: number | null;
  /** Of an embedding and an unembedding steering vector of one concept. */
  readonly cross: number | null;
  /** Mean |cosine| of two unembedding steering vectors of different concepts, mean over pairs of concepts. */
  readonly betweenConcepts: number | null;
  /** [m][m]: mean cosine of two vectors of concepts i and j; on the diagonal, of two different ones. */
  readonly unembeddingMatrix: Cosines;
  readonly embeddingMatrix: Cosines;
  /** Row: embedding steering vectors of i; column: unembedding steering vectors of j. */
  readonly crossMatrix: Cosines;
}

/** @param unembedding steering vectors of each concept, of length 1 */
export function steeringCosines(unembedding: readonly Matrix[], embedding: readonly Matrix[]): SteeringCosines {
  const unembeddingMatrix = within(unembedding);
  const embeddingMatrix = within(embedding);
  const crossMatrix = embedding.map((a) => unembedding.map((b) => between(a, b)));
  return {
    unembedding: meanDiagonal(unembeddingMatrix),
    embedding: meanDiagonal(embeddingMatrix),
    cross: meanDiagonal(crossMatrix),
    betweenConcepts: meanAbsolute(unembedding),
    unembeddingMatrix,
    embeddingMatrix,
    crossMatrix,
  };
}

const within = (vectors: readonly Matrix[]): Cosines =>
  vectors.map((a, i) => vectors.map((b, j) => (i === j ? amongSame(a) : between(a, b))));

/** Mean of u · v over pairs of different rows: (‖Σ u‖² − Σ ‖u‖²) / (n² − n). */
function amongSame(a: Matrix): number | null {
  if (a.rows < 2) return null;
  const squares = dot(a.data, a.data);
  const sum = sumOfRows(a);
  return (dot(sum, sum) - squares) / (a.rows * (a.rows - 1));
}

/** Mean of u · v over rows u of a and v of b: Σ u · Σ v / (n k). */
function between(a: Matrix, b: Matrix): number | null {
  if (a.rows === 0 || b.rows === 0) return null;
  return dot(sumOfRows(a), sumOfRows(b)) / (a.rows * b.rows);
}

function meanAbsolute(vectors: readonly Matrix[]): number | null {
  const means = vectors.flatMap((a, i) => vectors.slice(i + 1).map((b) => absoluteBetween(a, b)));
  return meanOf(means);
}

function absoluteBetween(a: Matrix, b: Matrix): number | null {
  if (a.rows === 0 || b.rows === 0) return null;
  let total = 0;
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.rows; j++) {
      let cosine = 0;
      for (let k = 0; k < a.cols; k++) cosine += a.data[i * a.cols + k]! * b.data[j * b.cols + k]!;
      total += Math.abs(cosine);
    }
  }
  return total / (a.rows * b.rows);
}

const meanDiagonal = (matrix: Cosines) => meanOf(matrix.map((line, i) => line[i] ?? null));

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : mean(known);
}

function sumOfRows(a: Matrix): Float64Array {
  const sum = new Float64Array(a.cols);
  for (let i = 0; i < a.rows; i++) row(a, i).forEach((value, k) => (sum[k]! += value));
  return sum;
}

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
