import { identity, zeros, type Matrix } from "../../linalg/matrix";
import { random, type Random } from "../../linalg/random";
import { changeOfBasis, type ChangeOfBasis } from "./twin";

export interface TwinShape {
  /** d~, at least d. */
  readonly size: number;
  /** Condition number of T. */
  readonly condition: number;
  readonly seed: number;
}

/**
 * Coordinates of an equivalent twin with d~ ≥ d (linear-properties section 1; [AoN], extended linear equivalence):
 * f~ = (T f, 0, A f) and g~ = (T^{-T} g, a, 0), so that f~·g~ = f·g. A is normal at the scale of the entries of T; a is
 * normal for each token, at the scale of the entries of T^{-T} g. The appended coordinates are halved between both
 * kinds; an odd one is of the kind A f.
 */
export class TwinCoordinates {
  /** M [d, d~]: f~ = f M for f as a row. */
  readonly map: Matrix;
  readonly #basis: ChangeOfBasis;
  readonly #appended: Random;
  readonly #unembeddingOnly: number;
  readonly #scale: number;

  /**
   * @param sample rows of g [n, d], for the scale of a
   * @throws RangeError where d~ < d or the condition is below 1
   */
  constructor(
    sample: Matrix,
    readonly shape: TwinShape,
  ) {
    const d = sample.cols;
    const { size, condition, seed } = shape;
    if (!(size >= d)) throw new RangeError(`a twin of hidden size ${size} cannot hold ${d} coordinates`);
    this.#basis = changeOfBasis(d, condition, random(seed, "twin.basis"));
    this.#appended = random(seed, "twin.unembedding");
    this.#unembeddingOnly = Math.floor((size - d) / 2);
    this.#scale = rootMeanSquare(this.#basis.unembed(sample).data) || 1;
    this.map = this.#hiddenMap(d, size, random(seed, "twin.hidden"));
  }

  /** Rows of g~ [n, d~] of the next rows of g [n, d]: from the first token on, each token once. */
  next(g: Matrix): Matrix {
    const { size } = this.shape;
    const changed = this.#basis.unembed(g);
    const out = zeros(g.rows, size);
    for (let i = 0; i < g.rows; i++) {
      out.data.set(changed.data.subarray(i * g.cols, (i + 1) * g.cols), i * size);
      const start = i * size + g.cols;
      for (let k = 0; k < this.#unembeddingOnly; k++) out.data[start + k] = this.#scale * this.#appended.normal();
    }
    return out;
  }

  /** [Tᵀ, 0, Aᵀ] */
  #hiddenMap(d: number, size: number, normal: Random): Matrix {
    const transposed = this.#basis.embed(identity(d));
    const scale = rootMeanSquare(transposed.data);
    const out = zeros(d, size);
    for (let i = 0; i < d; i++) {
      out.data.set(transposed.data.subarray(i * d, (i + 1) * d), i * size);
      for (let k = d + this.#unembeddingOnly; k < size; k++) out.data[i * size + k] = scale * normal.normal();
    }
    return out;
  }
}

function rootMeanSquare(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);
}
