import { rowCovariance } from "../../linalg/covariance";
import { pivotedCholesky } from "../../linalg/decompositions";
import { lowerInverse } from "../../linalg/lowerInverse";
import { multiply, multiplyTransposed, zeros, type Matrix } from "../../linalg/matrix";

/** Below this share of the largest variance, Cov(g) counts as singular; a twin of condition 100 needs some 1e-6. */
const relativeTolerance = 1e-10;

/** Unembeddings g [tokens, d] as the model has them. */
export interface VocabularyWeights {
  /** [vocabularySize, hiddenSize], row-major; float64 for twins, which float32 would round. */
  readonly weight: Float32Array | Float64Array;
  /** [vocabularySize] */
  readonly bias: Float32Array | Float64Array | null;
  readonly vocabularySize: number;
  readonly hiddenSize: number;
  /** Tokens that are not words of the model and leave the covariance. */
  readonly excluded: readonly number[];
}

/**
 * The geometry that follows from the vocabulary: Cov(g) = C Cᵀ over the tokens that are not excluded
 * (linear-properties section 2; [Geo] for the causal inner product). A bias is one more column of g, with 1 in f.
 */
export interface VocabularyGeometry {
  /** Columns of g: hiddenSize, and one more with a bias. */
  readonly dimension: number;
  /** Rank of Cov(g) at relative tolerance 1e-10. */
  readonly rank: number;
  /** C, [dimension, rank]. */
  readonly factor: Matrix;
  /** Cov(g), [dimension, dimension]. */
  readonly covariance: Matrix;
  /** Mean of g, [dimension]. */
  readonly mean: Float64Array;
  /** Ids in the covariance, ascending. */
  readonly tokens: Int32Array;

  /** Rows of g [ids, dimension], with the bias as last column where there is one. */
  rows(ids: ArrayLike<number>): Matrix;

  /**
   * Rows Cᵀ f of f [n, hiddenSize] (a bias appends the 1) or [n, dimension]: [n, rank]. Their inner product is the
   * covariance over the vocabulary of the two logit vectors: the same in every model with this distribution.
   * @throws RangeError for another number of columns.
   */
  embed(f: Matrix): Matrix;

  /**
   * Rows C⁺ δ of differences δ [n, dimension] of rows of g: [n, rank]. Their inner product is the causal one,
   * δᵀ Cov(g)⁻¹ δ': the same over changes of basis. Where Cov(g) is singular, only the part of δ that the tokens in
   * the covariance span has a meaning, and a δ outside it (from an excluded token) gets arbitrary coordinates.
   * @throws RangeError for another number of columns.
   */
  unembed(delta: Matrix): Matrix;
}

/** Mean [dimension] and covariance [dimension, dimension] of g over the tokens that are not excluded. */
export interface VocabularyStatistics {
  readonly mean: Float64Array;
  readonly covariance: Matrix;
}

/**
 * One pass over the vocabulary for the mean and one for the covariance, V d² / 2 multiplications in float64, then
 * d³ / 6 for C.
 * @throws RangeError when fewer than two tokens are left.
 */
export function vocabularyGeometry(weights: VocabularyWeights): VocabularyGeometry {
  const tokens = trainedTokens(weights);
  return geometryFrom(weights, rowCovariance(tokens, dimensionOf(weights), rowWriter(weights)));
}

function trainedTokens({ vocabularySize, excluded: ids }: VocabularyWeights): Int32Array {
  const excluded = new Set(ids);
  const tokens = Int32Array.from({ length: vocabularySize }, (_, id) => id).filter((id) => !excluded.has(id));
  if (tokens.length < 2) throw new RangeError("a covariance over the vocabulary needs two tokens or more");
  return tokens;
}

function dimensionOf({ bias, hiddenSize }: VocabularyWeights): number {
  return bias === null ? hiddenSize : hiddenSize + 1;
}

function rowWriter({ weight, bias, hiddenSize }: VocabularyWeights) {
  return (id: number, target: Float64Array) => {
    const start = id * hiddenSize;
    for (let j = 0; j < hiddenSize; j++) target[j] = weight[start + j]!;
    if (bias !== null) target[hiddenSize] = bias[id]!;
  };
}

/**
 * As `vocabularyGeometry`, from a mean and a covariance that are known already.
 * @throws RangeError when fewer than two tokens are left.
 */
export function geometryFrom(
  weights: VocabularyWeights,
  { mean, covariance }: VocabularyStatistics,
): VocabularyGeometry {
  const { hiddenSize } = weights;
  const dimension = dimensionOf(weights);
  const tokens = trainedTokens(weights);
  const writeRow = rowWriter(weights);
  const { factor, rank, pivots } = pivotedCholesky(covariance, relativeTolerance);
  // C has full column rank and is triangular at its pivots: C⁺ δ for a δ in its range needs those entries alone.
  const triangle = zeros(rank, rank);
  pivots.forEach((p, i) => triangle.data.set(factor.data.subarray(p * rank, p * rank + i + 1), i * rank));
  let inverse: Matrix | null = null;

  return {
    dimension,
    rank,
    factor,
    covariance,
    mean,
    tokens,
    rows(ids) {
      const out = zeros(ids.length, dimension);
      for (let i = 0; i < ids.length; i++) writeRow(ids[i]!, out.data.subarray(i * dimension, (i + 1) * dimension));
      return out;
    },
    embed(f) {
      if (f.cols === dimension) return multiply(f, factor);
      if (f.cols !== hiddenSize) throw new RangeError(`f has ${f.cols} columns, the model ${hiddenSize}`);
      return multiply(withOnes(f), factor);
    },
    unembed(delta) {
      if (delta.cols !== dimension) throw new RangeError(`a difference has ${delta.cols} columns, g ${dimension}`);
      const atPivots = zeros(delta.rows, rank);
      for (let k = 0; k < delta.rows; k++) {
        for (let i = 0; i < rank; i++) atPivots.data[k * rank + i] = delta.data[k * dimension + pivots[i]!]!;
      }
      return multiplyTransposed(atPivots, (inverse ??= lowerInverse(triangle)));
    },
  };
}

/** f with a last column of 1, the partner of a bias. */
export function withOnes(f: Matrix): Matrix {
  const out = zeros(f.rows, f.cols + 1);
  for (let i = 0; i < f.rows; i++) {
    out.data.set(f.data.subarray(i * f.cols, (i + 1) * f.cols), i * out.cols);
    out.data[i * out.cols + f.cols] = 1;
  }
  return out;
}
