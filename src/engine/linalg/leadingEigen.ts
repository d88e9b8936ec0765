import { inverseIteration } from "./inverseIteration";
import { row, zeros, type Matrix } from "./matrix";
import { scaledCopy, symmetricEigen, type SymmetricEigen } from "./symmetricEigen";
import { diagonalise } from "./tridiagonal";

/**
 * The `count` largest eigenvalues of a symmetric a [n, n] with their eigenvectors: Householder reflections to a
 * tridiagonal T, its eigenvalues alone, inverse iteration (Golub and Van Loan, *Matrix Computations*, sections 8.3 and
 * 8.4). Several times faster than all of them where few are wanted. Only the lower triangle is read.
 *
 * @returns at most n pairs, largest value first; columns orthonormal to 1e-12
 * @throws RangeError as `symmetricEigen`.
 */
export function leadingEigen(a: Matrix, count: number): SymmetricEigen {
  const n = a.rows;
  const k = Math.min(count, n);
  if (n < 8 || 2 * k > n) return leading(symmetricEigen(a), k);
  const { work, scale } = scaledCopy(a);
  const { diagonal, beside } = work.tridiagonalise();
  const all = diagonal.slice();
  diagonalise(all, beside.slice(), null);
  const values = all.sort().reverse().slice(0, k);
  const vectors = inverseIteration(diagonal, beside, values);
  if (vectors === null) return leading(symmetricEigen(a), k);
  const out = zeros(n, k);
  for (let j = 0; j < k; j++) {
    const x = row(vectors, j);
    work.applyTo(x);
    for (let i = 0; i < n; i++) out.data[i * k + j] = x[i]!;
  }
  return { values: values.map((x) => x * scale), vectors: out };
}

function leading({ values, vectors }: SymmetricEigen, k: number): SymmetricEigen {
  const out = zeros(vectors.rows, k);
  for (let i = 0; i < vectors.rows; i++) {
    out.data.set(vectors.data.subarray(i * vectors.cols, i * vectors.cols + k), i * k);
  }
  return { values: values.slice(0, k), vectors: out };
}
