import { choleskySolve } from "../linalg/decompositions";
import { dot, multiply, row, transpose, zeros, type Matrix } from "../linalg/matrix";
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
 * @returns for each λ, M packed: lower triangle row by row, entries off the diagonal doubled; [λ, n (n + 1) / 2]
 */
export function leaveOneOutForms(
  space: RowSpace,
  lambdas: ArrayLike<number>,
  subjects: ArrayLike<number>,
  strata?: ArrayLike<number>,
): Matrix {
  const n = space.left.rows;
  const blocks = groups(subjects);
  const forms = zeros(lambdas.length, (n * (n + 1)) / 2);
  const residual = new Float64Array(n * n);
  const leftOut = new Float64Array(n * n);
  const prepared = residualMaker(space, strata);
  for (let l = 0; l < lambdas.length; l++) {
    prepared(lambdas[l]!, residual);
    for (const rows of blocks) solveBlock(residual, rows, n, leftOut);
    const form = row(forms, l);
    for (let k = 0; k < n; k++) {
      const offset = k * n;
      for (let i = 0, at = 0; i < n; i++) {
        const x = leftOut[offset + i]!;
        const twice = 2 * x;
        for (let j = 0; j < i; j++) form[at++]! += twice * leftOut[offset + j]!;
        form[at++]! += x * x;
      }
    }
  }
  return forms;
}

/**
 * The same error for each λ and one set of targets [n, |Y|] that are centred within each stratum, without the forms:
 * n k |Y| for each λ instead of n³.
 */
export function leaveOneOutErrorsOf(
  targets: Matrix,
  space: RowSpace,
  lambdas: ArrayLike<number>,
  subjects: ArrayLike<number>,
  strata?: ArrayLike<number>,
): Float64Array {
  const { left, eigenvalues } = space;
  const [n, k, answers] = [left.rows, eigenvalues.length, targets.cols];
  const blocks = groups(subjects);
  const largest = blocks.reduce((size, rows) => Math.max(size, rows.length), 0);
  const sizes = stratumSizes(n, strata);
  const projected = multiply(transpose(left), targets);
  const kept = zeros(n, k);
  const residuals = zeros(largest, answers);
  return Float64Array.from(lambdas, (lambda) => {
    for (let i = 0; i < n; i++) {
      for (let c = 0; c < k; c++) {
        kept.data[i * k + c] = (left.data[i * k + c]! * eigenvalues[c]!) / (eigenvalues[c]! + lambda);
      }
    }
    const fitted = multiply(kept, projected);
    let sum = 0;
    for (const rows of blocks) {
      rows.forEach((i, a) => {
        const residual = row(residuals, a);
        const [own, fit] = [row(targets, i), row(fitted, i)];
        for (let y = 0; y < answers; y++) residual[y] = own[y]! - fit[y]!;
      });
      const block = zeros(rows.length, rows.length);
      rows.forEach((i, a) => {
        rows.forEach((j, b) => {
          const share = (strata?.[i] ?? 0) === (strata?.[j] ?? 0) ? 1 / sizes.get(strata?.[i] ?? 0)! : 0;
          let entry = (i === j ? 1 : 0) - share;
          for (let c = 0; c < k; c++) entry -= kept.data[i * k + c]! * left.data[j * k + c]!;
          block.data[a * rows.length + b] = entry;
        });
      });
      if (rows.length === 1) sum += dot(row(residuals, 0), row(residuals, 0)) / block.data[0]! ** 2;
      else {
        const leftOut = choleskySolve(block, {
          ...residuals,
          rows: rows.length,
          data: residuals.data.subarray(0, rows.length * answers),
        });
        sum += dot(leftOut.data, leftOut.data);
      }
    }
    return sum;
  });
}

/** Rows of D (I − H) for one block of rows that are left out together. */
function solveBlock(residual: Float64Array, rows: readonly number[], n: number, out: Float64Array): void {
  const m = rows.length;
  if (m === 1) {
    const i = rows[0]!;
    const factor = 1 / residual[i * n + i]!;
    for (let j = i * n; j < (i + 1) * n; j++) out[j] = residual[j]! * factor;
    return;
  }
  const block = zeros(m, m);
  const target = zeros(m, n);
  rows.forEach((i, a) => {
    rows.forEach((j, b) => (block.data[a * m + b] = residual[i * n + j]!));
    target.data.set(residual.subarray(i * n, (i + 1) * n), a * n);
  });
  const solved = choleskySolve(block, target);
  rows.forEach((i, a) => out.set(row(solved, a), i * n));
}

/** Writes I − H for a λ into `out`, [n, n] row-major. */
function residualMaker(
  { left, eigenvalues }: RowSpace,
  strata?: ArrayLike<number>,
): (lambda: number, out: Float64Array) => void {
  const n = left.rows;
  const k = eigenvalues.length;
  const axes = transpose(left);
  const sizes = stratumSizes(n, strata);
  const centring = zeros(n, n).data;
  for (let i = 0; i < n; i++) {
    const stratum = strata?.[i] ?? 0;
    for (let j = 0; j < n; j++) {
      if ((strata?.[j] ?? 0) === stratum) centring[i * n + j] = (i === j ? 1 : 0) - 1 / sizes.get(stratum)!;
    }
  }
  return (lambda, out) => {
    out.set(centring);
    for (let i = 0; i < n; i++) {
      for (let a = 0; a < k; a++) {
        const factor = (left.data[i * k + a]! * eigenvalues[a]!) / (eigenvalues[a]! + lambda);
        const axis = a * n;
        const target = i * n;
        for (let j = 0; j <= i; j++) out[target + j]! -= factor * axes.data[axis + j]!;
      }
      for (let j = 0; j < i; j++) out[j * n + i] = out[i * n + j]!;
    }
  };
}

function stratumSizes(n: number, strata?: ArrayLike<number>): Map<number, number> {
  const sizes = new Map<number, number>();
  for (let i = 0; i < n; i++) sizes.set(strata?.[i] ?? 0, (sizes.get(strata?.[i] ?? 0) ?? 0) + 1);
  return sizes;
}

function groups(of: ArrayLike<number>): number[][] {
  const members = new Map<number, number[]>();
  for (let i = 0; i < of.length; i++) {
    const group = members.get(of[i]!);
    if (group === undefined) members.set(of[i]!, [i]);
    else group.push(i);
  }
  return [...members.values()];
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

/** Squared leave-one-out error for each λ: forms [λ, …] times the packed Gram matrix of the targets. */
export function leaveOneOutErrors(forms: Matrix, packed: Float64Array): Float64Array {
  const out = new Float64Array(forms.rows);
  const { data, cols } = forms;
  for (let l = 0; l < forms.rows; l++) {
    const offset = l * cols;
    // Four running sums: one alone would wait for each addition before the next.
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let k = 0;
    for (; k + 3 < cols; k += 4) {
      s0 += data[offset + k]! * packed[k]!;
      s1 += data[offset + k + 1]! * packed[k + 1]!;
      s2 += data[offset + k + 2]! * packed[k + 2]!;
      s3 += data[offset + k + 3]! * packed[k + 3]!;
    }
    for (; k < cols; k++) s0 += data[offset + k]! * packed[k]!;
    out[l] = s0 + s1 + (s2 + s3);
  }
  return out;
}

/** vᵀ G v, G packed. */
export function packedQuadratic(packed: Float64Array, v: Float64Array): number {
  let sum = 0;
  for (let i = 0, at = 0; i < v.length; i++) {
    let product = 0;
    for (let j = 0; j < i; j++) product += packed[at++]! * v[j]!;
    sum += v[i]! * (2 * product + packed[at++]! * v[i]!);
  }
  return sum;
}
