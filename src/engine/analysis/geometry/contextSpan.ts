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
export class ContextSpan {
  readonly rank: number;

  constructor(
    /** Positions in the list of all contexts whose f enter the vectors. */
    readonly contexts: Int32Array,
    /** Places in `contexts` of those that span all the others, in the order of their elimination. */
    private readonly pivots: Int32Array,
    /** Lower triangular, [rank, rank]: their coordinates. */
    private readonly triangle: Matrix,
  ) {
    this.rank = pivots.length;
  }

  /**
   * Read-outs f ↦ f·Δ in the coordinates: [p, rank], from their values in all contexts [p, m]. The read-out of a
   * vector with coordinates z is their inner product with z.
   */
  readOuts(values: Matrix): Matrix {
    const { contexts, pivots } = this;
    const m = contexts.length;
    const atPivots = zeros(pivots.length, values.rows);
    for (let j = 0; j < values.rows; j++) {
      const offset = j * values.cols;
      let mean = 0;
      for (let a = 0; a < m; a++) mean += values.data[offset + contexts[a]!]! / m;
      for (let i = 0; i < pivots.length; i++) {
        atPivots.data[i * values.rows + j] = values.data[offset + contexts[pivots[i]!]!]! - mean;
      }
    }
    return transpose(solveLower(this.triangle, atPivots));
  }

  /** c of vectors with coordinates z [q, rank]: [q, contexts], rows in the order of `contexts`. */
  weights(z: Matrix): Matrix {
    const { pivots } = this;
    const m = this.contexts.length;
    const atPivots = solveLowerTransposed(this.triangle, transpose(z));
    const out = zeros(z.rows, m);
    for (let q = 0; q < z.rows; q++) {
      let sum = 0;
      for (let i = 0; i < pivots.length; i++) {
        const weight = atPivots.data[i * z.rows + q]!;
        out.data[q * m + pivots[i]!] = weight;
        sum += weight;
      }
      // Σ c (f_a − f̄) = Σ (c_a − c̄) f_a
      for (let a = 0; a < m; a++) out.data[q * m + a]! -= sum / m;
    }
    return out;
  }
}

/**
 * @param gram inner products of Cᵀf(x_a), [m, m]
 * @param contexts those that take part, such as without the held-out subjects'
 */
export function contextSpan(gram: Matrix, contexts: ArrayLike<number>): ContextSpan {
  const list = Int32Array.from(contexts);
  const { factor, rank, pivots } = pivotedCholesky(centredGram(gram, list), relativeTolerance);
  const triangle = zeros(rank, rank);
  for (let i = 0; i < rank; i++) {
    const p = pivots[i]!;
    triangle.data.set(factor.data.subarray(p * rank, p * rank + i + 1), i * rank);
  }
  return new ContextSpan(list, pivots, triangle);
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
