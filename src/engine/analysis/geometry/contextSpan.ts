import { pivotedCholesky, solveLower, solveLowerTransposed } from "../../linalg/decompositions";
import { dot, transpose, zeros, type Matrix } from "../../linalg/matrix";
import { removeRows } from "../../linalg/orthonormal";

/**
 * Directions in which contexts differ by less than 1e-3 of their strongest are left out: single precision leaves three
 * digits there, and inner products that are accurate to 1e-12, as a twin's of condition 100, fewer than the six by
 * which figures may differ between twins.
 */
const relativeTolerance = 1e-6;

/** Of what is left of a direction beside others, as a share of its length, below which nothing is left. */
const dependent = 1e-6;

/**
 * F, the span of the differences f(x) − f(x') between contexts, in orthonormal coordinates of the metric
 * ⟨v, v'⟩ = vᵀ Cov(g) v' (linear-properties section 2). A vector v in F is Σ_a c_a f(x_a) with Σ_a c_a = 0, so all that
 * it does to a model follows from inner products of contexts and from their logits: v·g(y) = Σ_a c_a logit_a(y), a
 * bias of y included.
 */
export interface ContextSpan {
  readonly rank: number;
  /** Positions in the list of all contexts whose f enter the vectors. */
  readonly contexts: Int32Array;
  /**
   * Read-outs f ↦ f·Δ in the coordinates: [p, rank], from their values in all contexts [p, m]. The read-out of a
   * vector with coordinates z is their inner product with z.
   */
  readOuts(values: Matrix): Matrix;
  /** c of vectors with coordinates z [q, rank]: [q, contexts], rows in the order of `contexts`. */
  weights(z: Matrix): Matrix;
}

/**
 * @param gram inner products of Cᵀf(x_a), [m, m]
 * @param contexts those that take part, such as without the held-out subjects'
 */
export function contextSpan(gram: Matrix, contexts: ArrayLike<number>): ContextSpan {
  const list = Int32Array.from(contexts);
  const m = list.length;
  const centred = centredGram(gram, list);
  const { factor, rank, pivots } = pivotedCholesky(centred, relativeTolerance);
  const triangle = zeros(rank, rank);
  pivots.forEach((p, i) => triangle.data.set(factor.data.subarray(p * rank, p * rank + i + 1), i * rank));
  return {
    rank,
    contexts: list,
    readOuts: (values) => {
      const atPivots = zeros(rank, values.rows);
      for (let j = 0; j < values.rows; j++) {
        const offset = j * values.cols;
        let mean = 0;
        for (const a of list) mean += values.data[offset + a]! / m;
        pivots.forEach((p, i) => (atPivots.data[i * values.rows + j] = values.data[offset + list[p]!]! - mean));
      }
      return transpose(solveLower(triangle, atPivots));
    },
    weights: (z) => {
      const atPivots = solveLowerTransposed(triangle, transpose(z));
      const out = zeros(z.rows, m);
      for (let q = 0; q < z.rows; q++) {
        let sum = 0;
        pivots.forEach((p, i) => {
          const weight = atPivots.data[i * z.rows + q]!;
          out.data[q * m + p] = weight;
          sum += weight;
        });
        // Σ c (f_a − f̄) = Σ (c_a − c̄) f_a
        for (let a = 0; a < m; a++) out.data[q * m + a]! -= sum / m;
      }
      return out;
    },
  };
}

function centredGram(gram: Matrix, list: Int32Array): Matrix {
  const m = list.length;
  const out = zeros(m, m);
  const means = new Float64Array(m);
  let total = 0;
  for (let i = 0; i < m; i++) {
    const offset = list[i]! * gram.cols;
    for (let j = 0; j < m; j++) means[i]! += (out.data[i * m + j] = gram.data[offset + list[j]!]!) / m;
    total += means[i]! / m;
  }
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) out.data[i * m + j]! += total - means[i]! - means[j]!;
  }
  return out;
}

/**
 * The z of smallest length with z·direction = 1 and z·n = 0 for the neutral read-outs n.
 *
 * @param neutral orthonormal rows
 * @returns null when the direction lies in their span, so that no such z exists
 */
export function minimumNorm(direction: Float64Array, neutral: Matrix): Float64Array | null {
  const left = direction.slice();
  const length = dot(left, left);
  removeRows(left, neutral);
  const kept = dot(left, left);
  return kept > dependent ** 2 * length ? left.map((x) => x / kept) : null;
}
