import { EigenWork } from "./eigenWork";
import { zeros, type Matrix } from "./matrix";
import { powerOfTwoNear } from "./scaling";
import { diagonalise } from "./tridiagonal";

export interface SymmetricEigen {
  /** Largest first. */
  readonly values: Float64Array;
  /** Orthonormal columns, in the order of the values. */
  readonly vectors: Matrix;
}

/**
 * a = V diag(values) Vᵀ for a symmetric a [n, n], of which only the lower triangle is read: reduction to a tridiagonal
 * matrix by Householder reflections, then QL steps with implicit Wilkinson shifts (Golub and Van Loan, *Matrix
 * Computations*, sections 8.3.1 and 8.3.3). About 4 n³ multiplications.
 * @throws RangeError when a is not square or has an entry that is not finite.
 */
export function symmetricEigen(a: Matrix): SymmetricEigen {
  const n = a.rows;
  const { work, scale } = scaledCopy(a);
  const { diagonal, beside } = work.tridiagonalise();
  work.accumulate();
  diagonalise(diagonal, beside, work);

  const order = Array.from(diagonal.keys()).sort((i, j) => diagonal[j]! - diagonal[i]!);
  const vectors = zeros(n, n);
  const values = new Float64Array(n);
  for (let to = 0; to < n; to++) {
    const k = order[to]!;
    const column = work.column(k);
    for (let i = 0; i < n; i++) vectors.data[i * n + to] = column[i]!;
    values[to] = diagonal[k]! * scale;
  }
  return { values, vectors };
}

/** The eigenvalues alone, largest first; about a third of the time. @throws RangeError as `symmetricEigen`. */
export function symmetricEigenvalues(a: Matrix): Float64Array {
  const { work, scale } = scaledCopy(a);
  const { diagonal, beside } = work.tridiagonalise();
  diagonalise(diagonal, beside, null);
  return diagonal
    .sort()
    .reverse()
    .map((x) => x * scale);
}

/**
 * a as it is before the reduction, divided by the power of two `scale`, or zero where that is 0; until the next matrix.
 * @throws RangeError as `symmetricEigen`.
 */
export function scaledCopy(a: Matrix): { work: EigenWork; scale: number } {
  if (a.rows !== a.cols) throw new RangeError(`a ${a.rows}×${a.cols} matrix is not square`);
  const scale = powerOfTwoNear(a);
  if (!Number.isFinite(scale)) throw new RangeError("the matrix has an entry that is not finite");
  return { work: new EigenWork(a, scale === 0 ? 0 : 1 / scale), scale };
}
