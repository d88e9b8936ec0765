import { dot, multiply, multiplyTransposed, row, zeros, type Matrix } from "../../linalg/matrix";

/**
 * What the part O of targets Y = U P + O that U does not explain adds to the leave-one-out errors ‖D (I − H) Y‖² of
 * `LeaveOneOut`: 2 ⟨D O, D U S P⟩ + ‖D O‖² with S = diag(λ/(e + λ)). Of O and P, only inner products of rows of the
 * same block are needed, which are computed once for all λ.
 */
export class OutsideErrors {
  /** Σ_a O_i·P_a S_a U_ja for rows i and j of a block, block by block, [pairs, λ]. */
  private readonly cross: Matrix;
  /** O_i·O_j of the same, [pairs]. */
  private readonly gram: Float64Array;

  /**
   * @param blocks rows that are left out together
   * @param left U, [n, k]
   * @param outside O, [n, |Y|]
   * @param projected P, [k, |Y|]
   * @param shrinkages λ/(e + λ), [k, λ]
   */
  constructor(
    private readonly blocks: readonly (readonly number[])[],
    left: Matrix,
    outside: Matrix,
    projected: Matrix,
    shrinkages: Matrix,
  ) {
    const along = multiplyTransposed(outside, projected);
    const pairs = blocks.flatMap((rows) => rows.flatMap((i) => rows.map((j) => [i, j] as const)));
    const products = zeros(pairs.length, left.cols);
    this.gram = new Float64Array(pairs.length);
    pairs.forEach(([i, j], pair) => {
      const [x, y, out] = [row(along, i), row(left, j), row(products, pair)];
      for (let a = 0; a < out.length; a++) out[a] = x[a]! * y[a]!;
      this.gram[pair] = dot(row(outside, i), row(outside, j));
    });
    this.cross = multiply(products, shrinkages);
  }

  /** @param inverses D: the blocks [m, m], one after the other */
  error(l: number, inverses: Float64Array): number {
    const { blocks, cross, gram } = this;
    let sum = 0;
    let offset = 0;
    for (const { length: m } of blocks) {
      for (let p = 0; p < m; p++) {
        for (let q = 0; q < m; q++) {
          let squared = 0;
          for (let r = 0; r < m; r++) squared += inverses[offset + p * m + r]! * inverses[offset + r * m + q]!;
          const pair = offset + p * m + q;
          sum += squared * (2 * cross.data[pair * cross.cols + l]! + gram[pair]!);
        }
      }
      offset += m * m;
    }
    return sum;
  }
}
