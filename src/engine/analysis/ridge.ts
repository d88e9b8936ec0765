import { choleskySolve } from "../linalg/decompositions";
import { zeros, type Matrix } from "../linalg/matrix";
import type { RowSpace } from "./rowSpace";

/**
 * The λ that are tried, ascending: s · tr(K)/n, K the Gram matrix of the centred training rows, s = 10^(−4 … 4) in
 * quarter decades. Below that, closed-form leave-one-out loses its digits when n < d (linear-properties section 5).
 */
export function lambdaGrid(space: RowSpace): Float64Array {
  const trace = space.eigenvalues.reduce((sum, e) => sum + e, 0);
  return Float64Array.from({ length: 33 }, (_, k) => (10 ** (k / 4 - 4) * trace) / space.left.rows);
}

/** Index of the smallest error; errors within 1e-6 (relative) of it are ties, and go to the larger λ. */
export function chooseLambda(errors: ArrayLike<number>): number {
  let smallest = Infinity;
  for (let k = 0; k < errors.length; k++) smallest = Math.min(smallest, errors[k]!);
  let chosen = errors.length - 1;
  while (chosen > 0 && !(errors[chosen]! <= smallest * (1 + 1e-6))) chosen--;
  return chosen;
}

/**
 * How targets of the training rows are combined into the deviation of a prediction from the training mean:
 * [m, n], row i = z_i diag(1/(e + λ)) Zᵀ with Z the training coordinates, z_i those of the i-th row predicted.
 * Every row sums to zero (within each stratum).
 */
export function predictionWeights(space: RowSpace, coordinates: Matrix, lambda: number): Matrix {
  const n = space.left.rows;
  const k = space.eigenvalues.length;
  const out = zeros(coordinates.rows, n);
  const shrunk = new Float64Array(k);
  for (let i = 0; i < coordinates.rows; i++) {
    for (let a = 0; a < k; a++) shrunk[a] = coordinates.data[i * k + a]! / (space.eigenvalues[a]! + lambda);
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let a = 0; a < k; a++) sum += shrunk[a]! * space.coordinates.data[j * k + a]!;
      out.data[i * n + j] = sum;
    }
  }
  return out;
}

/**
 * The closed-form leave-one-out error as a quadratic form. With H = (means of the strata) + U diag(e/(e + λ)) Uᵀ,
 * so that the leverage of the free intercept is in H, and D = diag(1/(1 − H_ii)), the squared error of all
 * left-out predictions of targets Y is
 *
 *     ‖D (I − H) Y‖²_F = Σ_ij M_ij (Y Yᵀ)_ij,   M = (I − H) D² (I − H)
 *
 * A permutation π of the targets only permutes Y Yᵀ, so it costs n², whatever the number of targets. Where several
 * rows belong to one subject they are left out together, and D is the inverse of the blocks of I − H.
 *
 * @param subjects subject of each training row; rows of one subject are left out together
 * @param strata stratum of each training row, as given to `rowSpace`
 * @returns M packed: lower triangle row by row, entries off the diagonal doubled, for `packedProduct`
 */
export function leaveOneOutForm(
  space: RowSpace,
  lambda: number,
  subjects: ArrayLike<number>,
  strata?: ArrayLike<number>,
): Float64Array {
  const n = space.left.rows;
  const residual = residualMaker(space, lambda, strata);
  const leftOut = new Float64Array(n * n);
  for (const rows of groups(subjects)) {
    const block = zeros(rows.length, rows.length);
    const target = zeros(rows.length, n);
    rows.forEach((i, a) => {
      rows.forEach((j, b) => (block.data[a * rows.length + b] = residual[i * n + j]!));
      target.data.set(residual.subarray(i * n, (i + 1) * n), a * n);
    });
    const solved = rows.length === 1 ? divided(target, block.data[0]!) : choleskySolve(block, target);
    rows.forEach((i, a) => leftOut.set(solved.data.subarray(a * n, (a + 1) * n), i * n));
  }
  const form = new Float64Array((n * (n + 1)) / 2);
  for (let k = 0; k < n; k++) {
    const values = leftOut.subarray(k * n, (k + 1) * n);
    for (let i = 0, at = 0; i < n; i++) {
      const x = values[i]!;
      for (let j = 0; j < i; j++) form[at++]! += 2 * x * values[j]!;
      form[at++]! += x * x;
    }
  }
  return form;
}

/** I − H, [n, n] row-major. */
function residualMaker(space: RowSpace, lambda: number, strata?: ArrayLike<number>): Float64Array {
  const { left, eigenvalues } = space;
  const n = left.rows;
  const k = eigenvalues.length;
  const sizes = new Map<number, number>();
  for (let i = 0; i < n; i++) sizes.set(strata?.[i] ?? 0, (sizes.get(strata?.[i] ?? 0) ?? 0) + 1);
  const out = new Float64Array(n * n);
  const kept = new Float64Array(k);
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < k; a++) kept[a] = (left.data[i * k + a]! * eigenvalues[a]!) / (eigenvalues[a]! + lambda);
    const stratum = strata?.[i] ?? 0;
    const share = 1 / sizes.get(stratum)!;
    for (let j = 0; j <= i; j++) {
      let sum = (strata?.[j] ?? 0) === stratum ? share : 0;
      for (let a = 0; a < k; a++) sum += kept[a]! * left.data[j * k + a]!;
      const entry = (i === j ? 1 : 0) - sum;
      out[i * n + j] = entry;
      out[j * n + i] = entry;
    }
  }
  return out;
}

function groups(of: ArrayLike<number>): Iterable<number[]> {
  const members = new Map<number, number[]>();
  for (let i = 0; i < of.length; i++) {
    const group = members.get(of[i]!);
    if (group === undefined) members.set(of[i]!, [i]);
    else group.push(i);
  }
  return members.values();
}

function divided(a: Matrix, divisor: number): Matrix {
  return { rows: a.rows, cols: a.cols, data: a.data.map((x) => x / divisor) };
}

/** Lower triangle of a symmetric matrix [n, n] whose rows and columns are taken in the order `order`, row by row. */
export function packPermuted(a: Matrix, order: ArrayLike<number>, out: Float64Array): Float64Array {
  const n = a.rows;
  for (let i = 0, at = 0; i < n; i++) {
    const offset = order[i]! * n;
    for (let j = 0; j <= i; j++) out[at++] = a.data[offset + order[j]!]!;
  }
  return out;
}

export function packedProduct(form: Float64Array, packed: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < form.length; k++) sum += form[k]! * packed[k]!;
  return sum;
}
