import { multiply, multiplyTransposed, row, subtract, transpose, zeros } from "../../linalg/matrix";
import type { Matrix } from "../../linalg/matrix";
import { gramInto, rowProductsInto } from "../../linalg/products";
import { centringMatrix, groups, invertBlock, timesBlock } from "./leaveOneOutBlocks";
import { OutsideErrors } from "./outsideErrors";
import { chooseLambda } from "./ridge";
import { packedLength, packForm } from "./packedTriangle";
import { scaleColumns, type RowSpace } from "../geometry/rowSpace";

/**
 * Closed-form leave-one-out of ridge fits with a free intercept, one for each stratum. With the residual operator
 *
 *     I − H = (rest) + U diag(λ/(e + λ)) Uᵀ,   rest = what neither the means nor U explain,
 *
 * and D the inverses of its diagonal blocks, one block for the rows of each subject (a number for one row), the
 * left-out errors of targets Y are D (I − H) Y. Written in λ/(e + λ) rather than 1 − e/(e + λ), small λ cost no digits.
 */
export class LeaveOneOut {
  private readonly n: number;
  private readonly k: number;
  /** Uᵀ, [k, n]. */
  private readonly axes: Matrix;
  /** Rows that are left out together; `single` where each is alone. */
  private readonly blocks: readonly (readonly number[])[];
  private readonly single: boolean;
  /** [n, n]; null where U and the means span everything. */
  private readonly rest: Matrix | null;
  /** Products U_i ∘ U_j of the pairs of rows in a block, i ≥ j, [pairs, k], and what `rest` adds, [pairs]. */
  private readonly pairs: Matrix;
  private readonly pairRest: Float64Array;
  /** Of the λ that was last asked for: λ/(e + λ), [k], and the blocks of I − H or their inverses, one after the other. */
  private readonly shrinkage: Float64Array;
  private readonly blockEntries: Float64Array;

  /**
   * @param subjects subject of each training row; rows of one subject are left out together
   * @param strata stratum of each training row, as given to `rowSpace`
   */
  constructor(
    private readonly space: RowSpace,
    subjects: ArrayLike<number>,
    strata?: ArrayLike<number>,
  ) {
    this.n = space.left.rows;
    this.k = space.eigenvalues.length;
    this.axes = transpose(space.left);
    this.blocks = groups(subjects);
    this.single = this.blocks.length === this.n;
    this.shrinkage = new Float64Array(this.k);
    this.blockEntries = new Float64Array(this.blocks.reduce((total, rows) => total + rows.length ** 2, 0));
    const means = new Set(Array.from({ length: this.n }, (_, i) => strata?.[i] ?? 0)).size;
    this.rest =
      this.k === this.n - means
        ? null
        : subtract(centringMatrix(this.n, strata), multiplyTransposed(space.left, space.left));
    const places = this.blocks.flatMap((rows) =>
      rows.flatMap((i, p) => rows.slice(0, p + 1).map((j) => [i, j] as const)),
    );
    this.pairs = zeros(places.length, this.k);
    this.pairRest = new Float64Array(places.length);
    places.forEach(([i, j], pair) => {
      const [left, right, out] = [row(space.left, i), row(space.left, j), row(this.pairs, pair)];
      for (let a = 0; a < out.length; a++) out[a] = left[a]! * right[a]!;
      this.pairRest[pair] = this.rest?.data[i * this.n + j] ?? 0;
    });
  }

  /** Index of the λ with the smallest error, as `errors`; ties go to the larger λ. */
  choose(targets: Matrix, lambdas: ArrayLike<number>): number {
    return chooseLambda(this.errors(targets, lambdas));
  }

  /**
   * Σ ‖left-out error‖² for each λ, for targets [n, |Y|] that are centred within each stratum. With P = Uᵀ Y and what U
   * does not explain, O = Y − U P, it is that of two small Gram matrices.
   */
  errors(targets: Matrix, lambdas: ArrayLike<number>): Float64Array {
    const grid = this.gridOf(lambdas);
    const { n, k, axes, blocks, blockEntries } = this;
    const projected = multiply(axes, targets);
    const gram = multiplyTransposed(projected, projected);
    const outside =
      this.rest === null
        ? null
        : new OutsideErrors(
            blocks,
            this.space.left,
            subtract(targets, multiply(this.space.left, projected)),
            projected,
            grid.shrinkages,
          );
    const z = new Float64Array(k * n);
    const products = new Float64Array(k * k);
    const out = new Float64Array(lambdas.length);
    for (let l = 0; l < out.length; l++) {
      this.shrinkTo(grid, l);
      this.invertBlocks();
      this.leftOutAxes(z);
      rowProductsInto(z, z, [k, n, k], products, true);
      out[l] = lowerProduct(products, gram) + (outside?.error(l, blockEntries) ?? 0);
    }
    return out;
  }

  /**
   * The same error as a quadratic form: Σ_ij M_ij (Y Yᵀ)_ij with M = (I − H) D² (I − H). A permutation of the targets
   * only permutes Y Yᵀ, so it costs n², whatever the number of targets.
   *
   * @returns for each λ, M packed: lower triangle row by row, entries off the diagonal doubled; [λ, n (n + 1) / 2]
   */
  forms(lambdas: ArrayLike<number>): Matrix {
    const { n, k, blocks } = this;
    const forms = zeros(lambdas.length, packedLength(n));
    const residual = new Float64Array(n * n);
    const leftOut = new Float64Array(n * n);
    const form = new Float64Array(n * n);
    const grid = this.gridOf(lambdas);
    for (let l = 0; l < lambdas.length; l++) {
      this.shrinkTo(grid, l);
      const rooted = scaleColumns(this.space.left, this.shrinkage.map(Math.sqrt));
      gramInto(rooted.data, [n, k], residual);
      if (this.rest !== null) for (let at = 0; at < n * n; at++) residual[at]! += this.rest.data[at]!;
      this.invertBlocks();
      let offset = 0;
      for (const rows of blocks) {
        timesBlock(residual, n, rows, this.blockEntries, offset, leftOut);
        offset += rows.length ** 2;
      }
      rowProductsInto(leftOut, leftOut, [n, n, n], form, true);
      packForm(form, n, row(forms, l));
    }
    return forms;
  }

  /** For each λ, λ/(e + λ) [k, λ] and the entries of the blocks of I − H, i ≥ j, [pairs, λ]. */
  private gridOf(lambdas: ArrayLike<number>): Grid {
    const shrinkages = zeros(this.k, lambdas.length);
    for (let a = 0, at = 0; a < this.k; a++) {
      const e = this.space.eigenvalues[a]!;
      for (let l = 0; l < lambdas.length; l++, at++) shrinkages.data[at] = lambdas[l]! / (e + lambdas[l]!);
    }
    return { shrinkages, entries: multiply(this.pairs, shrinkages) };
  }

  /** Sets λ: its shrinkage, and the diagonal blocks of I − H. */
  private shrinkTo({ shrinkages, entries }: Grid, l: number): void {
    const { k, blocks, shrinkage, blockEntries, pairRest } = this;
    const count = shrinkages.cols;
    for (let a = 0; a < k; a++) shrinkage[a] = shrinkages.data[a * count + l]!;
    let [offset, pair] = [0, 0];
    for (const { length: m } of blocks) {
      for (let p = 0; p < m; p++) {
        for (let q = 0; q <= p; q++, pair++) {
          const entry = pairRest[pair]! + entries.data[pair * count + l]!;
          blockEntries[offset + p * m + q] = blockEntries[offset + q * m + p] = entry;
        }
      }
      offset += m * m;
    }
  }

  /** (D U diag(λ/(e + λ)))ᵀ, [k, n], of the inverses D of the blocks. */
  private leftOutAxes(out: Float64Array): void {
    const { n, k, axes, blocks, shrinkage, blockEntries } = this;
    for (let a = 0; a < k; a++) {
      const from = a * n;
      const factor = shrinkage[a]!;
      if (this.single) {
        for (let i = 0; i < n; i++) out[from + i] = blockEntries[i]! * axes.data[from + i]! * factor;
        continue;
      }
      let offset = 0;
      for (const rows of blocks) {
        const m = rows.length;
        for (let p = 0; p < m; p++) {
          let entry = 0;
          for (let q = 0; q < m; q++) entry += blockEntries[offset + p * m + q]! * axes.data[from + rows[q]!]!;
          out[from + rows[p]!] = entry * factor;
        }
        offset += m * m;
      }
    }
  }

  /** Puts the inverses in place of the blocks. */
  private invertBlocks(): void {
    let offset = 0;
    for (const { length: m } of this.blocks) {
      invertBlock(this.blockEntries, offset, m);
      offset += m * m;
    }
  }
}

/** ⟨a, b⟩ of symmetric matrices [k, k], from their lower triangles. */
function lowerProduct(a: Float64Array, { rows: k, data }: Matrix): number {
  let sum = 0;
  for (let i = 0; i < k; i++) {
    const from = i * k;
    let row = 0;
    for (let j = 0; j < i; j++) row += a[from + j]! * data[from + j]!;
    sum += 2 * row + a[from + i]! * data[from + i]!;
  }
  return sum;
}

/** What all λ share. */
interface Grid {
  readonly shrinkages: Matrix;
  readonly entries: Matrix;
}
