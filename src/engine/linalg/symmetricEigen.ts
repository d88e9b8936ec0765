import { EigenWork } from "./eigenWork";
import { zeros, type Matrix } from "./matrix";
import { isFiniteMatrix, powerOfTwoNear } from "./scaling";

export interface SymmetricEigen {
  /** Largest first. */
  readonly values: Float64Array;
  /** Orthonormal columns, in the order of the values. */
  readonly vectors: Matrix;
}

/** More steps than any matrix needs; two or three for each eigenvalue are usual. */
const mostSteps = 60;

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
  order.forEach((k, to) => {
    const column = work.column(k);
    for (let i = 0; i < n; i++) vectors.data[i * n + to] = column[i]!;
  });
  return { values: Float64Array.from(order, (k) => diagonal[k]! * scale), vectors };
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

function scaledCopy(a: Matrix): { work: EigenWork; scale: number } {
  if (a.rows !== a.cols) throw new RangeError(`a ${a.rows}×${a.cols} matrix is not square`);
  if (!isFiniteMatrix(a)) throw new RangeError("the matrix has an entry that is not finite");
  const scale = powerOfTwoNear(a);
  return { work: new EigenWork(a, scale === 0 ? 0 : 1 / scale), scale };
}

/** Turns T into a diagonal matrix and the columns of Q, if any, into eigenvectors. */
function diagonalise(d: Float64Array, e: Float64Array, columns: EigenWork | null): void {
  const n = d.length;
  const sines = new Float64Array(n);
  const cosines = new Float64Array(n);
  for (let low = 0; low < n; low++) {
    for (let step = 0; step < mostSteps; step++) {
      let high = low;
      while (high < n - 1 && Math.abs(e[high]!) > Number.EPSILON * (Math.abs(d[high]!) + Math.abs(d[high + 1]!)))
        high++;
      if (high === low) break;
      const half = (d[low + 1]! - d[low]!) / (2 * e[low]!);
      const root = Math.sqrt(half * half + 1);
      let g = d[high]! - d[low]! + e[low]! / (half + (half < 0 ? -root : root));
      let sine = 1;
      let cosine = 1;
      let shift = 0;
      let i = high - 1;
      for (; i >= low; i--) {
        const f = sine * e[i]!;
        const b = cosine * e[i]!;
        const r = Math.sqrt(f * f + g * g);
        e[i + 1] = r;
        if (r === 0) break;
        sine = f / r;
        cosine = g / r;
        sines[i] = sine;
        cosines[i] = cosine;
        const rest = d[i + 1]! - shift;
        const mixed = (d[i]! - rest) * sine + 2 * cosine * b;
        shift = sine * mixed;
        d[i + 1] = rest + shift;
        g = cosine * mixed - b;
      }
      if (columns !== null) columns.rotate(i + 1, high, sines, cosines);
      e[high] = 0;
      if (i >= low) {
        // The matrix has fallen apart here: what is left goes on by itself.
        d[i + 1]! -= shift;
      } else {
        d[low]! -= shift;
        e[low] = g;
      }
    }
  }
}
