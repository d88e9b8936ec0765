import { symmetricEigen, type SymmetricEigen } from "./decompositions";
import { dot, row, zeros, type Matrix } from "./matrix";

/** Residual ‖T x − λ x‖, as a share of ‖T‖, above which an inverse iteration counts as failed. */
const residualTolerance = 1e-11;

/**
 * The `count` largest eigenvalues of a symmetric a [n, n] with their eigenvectors: Householder reflections to a
 * tridiagonal T, bisection on Sturm sequences, inverse iteration (Golub and Van Loan, *Matrix Computations*,
 * sections 8.3 and 8.4). Several times faster than all of them where few are wanted. Only the lower triangle is read.
 *
 * @returns at most n pairs, largest value first; columns orthonormal to 1e-12
 * @throws RangeError as `symmetricEigen`.
 */
export function leadingEigen(a: Matrix, count: number): SymmetricEigen {
  const n = a.rows;
  const k = Math.min(count, n);
  if (n < 8 || 2 * k > n || a.cols !== n || !a.data.every(Number.isFinite)) return leading(symmetricEigen(a), k);
  const { diagonal, below, reflectors } = tridiagonalise(a);
  let norm = 0;
  for (let i = 0; i < n; i++) {
    norm = Math.max(norm, Math.abs(diagonal[i]!) + Math.abs(below[i]!) + (i > 0 ? Math.abs(below[i - 1]!) : 0));
  }
  if (norm === 0) return leading(symmetricEigen(a), k);
  const values = largestEigenvalues(diagonal, below, k, norm);
  const vectors = inverseIteration(diagonal, below, values, norm);
  if (vectors === null) return leading(symmetricEigen(a), k);
  const out = zeros(n, k);
  for (let j = 0; j < k; j++) {
    const x = row(vectors, j);
    for (let r = reflectors.length - 1; r >= 0; r--) reflect(reflectors[r]!, x.subarray(r + 1));
    for (let i = 0; i < n; i++) out.data[i * k + j] = x[i]!;
  }
  return { values, vectors: out };
}

function leading({ values, vectors }: SymmetricEigen, k: number): SymmetricEigen {
  const out = zeros(vectors.rows, k);
  for (let i = 0; i < vectors.rows; i++) {
    out.data.set(vectors.data.subarray(i * vectors.cols, i * vectors.cols + k), i * k);
  }
  return { values: values.slice(0, k), vectors: out };
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** Entry i is T(i + 1, i); the last is 0. */
  readonly below: Float64Array;
  /** Vectors v with ‖v‖² = 2 (or 0): reflector r is I − v vᵀ on the entries from r + 1 on. */
  readonly reflectors: readonly Float64Array[];
}

/** T = H … H a H … H. */
function tridiagonalise(a: Matrix): Tridiagonal {
  const n = a.rows;
  const work = a.data.slice();
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) work[j * n + i] = work[i * n + j]!;
  const below = new Float64Array(n);
  const reflectors: Float64Array[] = [];
  const product = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    const m = n - k - 1;
    // By symmetry the column below the diagonal is the row beside it.
    const v = work.slice(k * n + k + 1, (k + 1) * n);
    const length = Math.sqrt(dot(v, v));
    below[k] = v[0]! > 0 ? -length : length;
    v[0]! -= below[k]!;
    const size = dot(v, v);
    const factor = size > 0 ? Math.sqrt(2 / size) : 0;
    for (let i = 0; i < m; i++) v[i]! *= factor;
    reflectors.push(v);
    let along = 0;
    for (let i = 0; i < m; i++) {
      const from = (k + 1 + i) * n + k + 1;
      let sum = 0;
      for (let j = 0; j < m; j++) sum += work[from + j]! * v[j]!;
      product[i] = sum;
      along += sum * v[i]!;
    }
    for (let i = 0; i < m; i++) product[i]! -= (along / 2) * v[i]!;
    for (let i = 0; i < m; i++) {
      const from = (k + 1 + i) * n + k + 1;
      const [x, y] = [v[i]!, product[i]!];
      for (let j = 0; j < m; j++) work[from + j]! -= x * product[j]! + y * v[j]!;
    }
  }
  if (n > 1) below[n - 2] = work[(n - 1) * n + n - 2]!;
  return { diagonal: Float64Array.from({ length: n }, (_, i) => work[i * n + i]!), below, reflectors };
}

function reflect(v: Float64Array, x: Float64Array): void {
  let along = 0;
  for (let i = 0; i < v.length; i++) along += v[i]! * x[i]!;
  for (let i = 0; i < v.length; i++) x[i]! -= along * v[i]!;
}

/** By bisection: a Sturm sequence at x counts the eigenvalues below x. */
function largestEigenvalues(diagonal: Float64Array, below: Float64Array, k: number, norm: number): Float64Array {
  const n = diagonal.length;
  const squares = below.map((x) => x * x);
  const tiny = norm * 1e-300;
  const countBelow = (x: number) => {
    let count = 0;
    let q = 1;
    for (let i = 0; i < n; i++) {
      q = diagonal[i]! - x - (i > 0 ? squares[i - 1]! / q : 0);
      if (q === 0) q = tiny;
      if (q < 0) count++;
    }
    return count;
  };
  const values = new Float64Array(k);
  let upper = norm;
  for (let j = 0; j < k; j++) {
    let low = -norm;
    let high = upper;
    // The j-th largest has n − 1 − j eigenvalues below it.
    while (high - low > 2e-16 * norm) {
      const middle = (low + high) / 2;
      if (middle <= low || middle >= high) break;
      if (countBelow(middle) <= n - 1 - j) low = middle;
      else high = middle;
    }
    values[j] = (low + high) / 2;
    upper = high;
  }
  return values;
}

/** Rows are unit eigenvectors of T, each orthogonal to those before; null where one does not converge. */
function inverseIteration(
  diagonal: Float64Array,
  below: Float64Array,
  values: Float64Array,
  norm: number,
): Matrix | null {
  const n = diagonal.length;
  const out = zeros(values.length, n);
  for (let j = 0; j < values.length; j++) {
    const x = row(out, j);
    const value = values[j]!;
    // A start without symmetry, so that it leans on every eigenvector.
    for (let i = 0; i < n; i++) x[i] = 1 + ((i * 7 + j * 3) % 11) / 11;
    let residual = Infinity;
    // Twice is enough for a separate value; within a cluster the orthogonalisation costs a round more.
    for (let round = 0; round < 5 && !(round >= 2 && residual <= residualTolerance * norm); round++) {
      solveShifted(diagonal, below, value, norm, x);
      for (let pass = 0; pass < 2; pass++) {
        normalise(x);
        for (let other = 0; other < j; other++) {
          const y = row(out, other);
          const along = dot(x, y);
          for (let i = 0; i < n; i++) x[i]! -= along * y[i]!;
        }
      }
      normalise(x);
      residual = residualOf(diagonal, below, value, x);
    }
    if (!(residual <= residualTolerance * norm)) return null;
  }
  return out;
}

function residualOf(diagonal: Float64Array, below: Float64Array, value: number, x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    let entry = (diagonal[i]! - value) * x[i]!;
    if (i > 0) entry += below[i - 1]! * x[i - 1]!;
    if (i + 1 < x.length) entry += below[i]! * x[i + 1]!;
    sum += entry * entry;
  }
  return Math.sqrt(sum);
}

function normalise(x: Float64Array): void {
  const length = Math.sqrt(dot(x, x));
  for (let i = 0; i < x.length; i++) x[i]! /= length;
}

/** x := (T − value)⁻¹ x, by elimination with row exchanges; a vanishing pivot is replaced by rounding. */
function solveShifted(diagonal: Float64Array, below: Float64Array, value: number, norm: number, x: Float64Array): void {
  const n = diagonal.length;
  const pivot = new Float64Array(n);
  const next = new Float64Array(n);
  const second = new Float64Array(n);
  const smallest = 1e-16 * norm;
  let [p, q] = [diagonal[0]! - value, below[0]!];
  for (let i = 0; i + 1 < n; i++) {
    const [s, t, u] = [below[i]!, diagonal[i + 1]! - value, i + 2 < n ? below[i + 1]! : 0];
    if (Math.abs(s) > Math.abs(p)) {
      const factor = p / s;
      [pivot[i], next[i], second[i]] = [s, t, u];
      [p, q] = [q - factor * t, -factor * u];
      [x[i], x[i + 1]] = [x[i + 1]!, x[i]! - factor * x[i + 1]!];
    } else {
      if (Math.abs(p) < smallest) p = smallest;
      const factor = s / p;
      [pivot[i], next[i], second[i]] = [p, q, 0];
      [p, q] = [t - factor * q, u];
      x[i + 1]! -= factor * x[i]!;
    }
  }
  pivot[n - 1] = Math.abs(p) < smallest ? smallest : p;
  for (let i = n - 1; i >= 0; i--) {
    let entry = x[i]!;
    if (i + 1 < n) entry -= next[i]! * x[i + 1]!;
    if (i + 2 < n) entry -= second[i]! * x[i + 2]!;
    x[i] = entry / pivot[i]!;
  }
}
