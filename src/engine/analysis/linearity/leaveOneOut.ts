import { dot, multiply, multiplyTransposed, row, subtract, transpose, zeros } from "../../linalg/matrix";
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
    this.pairs = zeros(
      this.blocks.reduce((total, { length: m }) => total + (m * (m + 1)) / 2, 0),
      this.k,
    );
    this.pairRest = new Float64Array(this.pairs.rows);
    this.fillPairs();
  }

  private fillPairs(): void {
    const { n, k, space, rest } = this;
    const { data } = space.left;
    let pair = 0;
    for (const rows of this.blocks) {
      for (let p = 0; p < rows.length; p++) {
        for (let q = 0; q <= p; q++, pair++) {
          const [i, j] = [rows[p]! * k, rows[q]! * k];
          for (let a = 0; a < k; a++) this.pairs.data[pair * k + a] = data[i + a]! * data[j + a]!;
          this.pairRest[pair] = rest?.data[rows[p]! * n + rows[q]!] ?? 0;
        }
      }
    }
  }

  /**
   * Index of the λ with the smallest error for targets [n, |Y|] that are centred within each stratum; ties go to the
   * larger λ. Errors are computed from the smallest lower bound on, until no other can be a tie.
   */
  choose(targets: Matrix, lambdas: ArrayLike<number>): number {
    const products = this.productsOf(targets, lambdas);
    const bounds = new Float64Array(lambdas.length);
    for (let l = 0; l < bounds.length; l++) bounds[l] = this.bound(products, l);
    const errors = new Float64Array(lambdas.length).fill(Infinity);
    let smallest = Infinity;
    for (const l of Array.from(bounds.keys()).sort((i, j) => bounds[i]! - bounds[j]!)) {
      if (bounds[l]! > smallest * (1 + 1e-5)) break;
      errors[l] = this.error(products, l);
      smallest = Math.min(smallest, errors[l]);
    }
    return chooseLambda(errors);
  }

  /** Σ ‖left-out error‖² for each λ, for targets [n, |Y|] that are centred within each stratum. */
  errors(targets: Matrix, lambdas: ArrayLike<number>): Float64Array {
    const products = this.productsOf(targets, lambdas);
    return Float64Array.from(lambdas, (_, l) => this.error(products, l));
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

  /** With P = Uᵀ Y and what U does not explain, O = Y − U P: the error is that of two small Gram matrices. */
  private productsOf(targets: Matrix, lambdas: ArrayLike<number>): TargetProducts {
    const grid = this.gridOf(lambdas);
    const { n, k, blocks, space } = this;
    const projected = multiply(this.axes, targets);
    const outside = this.rest === null ? null : subtract(targets, multiply(space.left, projected));
    return {
      grid,
      gram: multiplyTransposed(projected, projected),
      outside: outside && new OutsideErrors(blocks, space.left, outside, projected, grid.shrinkages),
      outsideTotal: outside === null ? 0 : dot(outside.data, outside.data),
      axes: new Float64Array(k * n),
      axesGram: new Float64Array(k * k),
    };
  }

  /** Below which the error at λ cannot be. */
  private bound({ grid, gram, outsideTotal }: TargetProducts, l: number): number {
    this.shrinkTo(grid, l);
    const { k, blocks, shrinkage, blockEntries } = this;
    let residual = outsideTotal;
    for (let a = 0; a < k; a++) residual += shrinkage[a]! ** 2 * gram.data[a * k + a]!;
    // The largest sum of a row is at least the largest eigenvalue.
    let largest = 0;
    let at = 0;
    for (const { length: m } of blocks) {
      for (let p = 0; p < m; p++) {
        let sum = 0;
        for (let q = 0; q < m; q++, at++) sum += Math.abs(blockEntries[at]!);
        largest = Math.max(largest, sum);
      }
    }
    return residual / largest ** 2;
  }

  private error({ grid, gram, outside, axes, axesGram }: TargetProducts, l: number): number {
    this.shrinkTo(grid, l);
    this.invertBlocks();
    this.leftOutAxes(axes);
    const { n, k } = this;
    let sum = outside?.error(l, this.blockEntries) ?? 0;
    rowProductsInto(axes, axes, [k, n, k], axesGram, true);
    for (let a = 0; a < k; a++) {
      for (let b = 0; b < a; b++) sum += 2 * axesGram[a * k + b]! * gram.data[a * k + b]!;
      sum += axesGram[a * k + a]! * gram.data[a * k + a]!;
    }
    return sum;
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

/** What all λ share. */
interface Grid {
  readonly shrinkages: Matrix;
  readonly entries: Matrix;
}

/** What the errors of some targets at all λ share. */
interface TargetProducts {
  readonly grid: Grid;
  /** P Pᵀ, [k, k]. */
  readonly gram: Matrix;
  /** Of O; null where U and the means span everything. */
  readonly outside: OutsideErrors | null;
  /** ‖O‖². */
  readonly outsideTotal: number;
  /** Room for the axes of a λ [k, n] and for their Gram matrix [k, k]. */
  readonly axes: Float64Array;
  readonly axesGram: Float64Array;
}
