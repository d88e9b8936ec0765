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
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n);
  const columns = new Float64Array(n * n);
  tridiagonalise(work, n, diagonal, beside, columns);
  diagonalise(diagonal, beside, columns, n);

  const order = Array.from(diagonal.keys()).sort((i, j) => diagonal[j]! - diagonal[i]!);
  const vectors = zeros(n, n);
  for (let i = 0; i < n; i++) {
    for (let to = 0; to < n; to++) vectors.data[i * n + to] = columns[i * n + order[to]!]!;
  }
  return { values: Float64Array.from(order, (k) => diagonal[k]! * scale), vectors };
}

/** The eigenvalues alone, largest first; about a third of the time. @throws RangeError as `symmetricEigen`. */
export function symmetricEigenvalues(a: Matrix): Float64Array {
  const { work, scale } = scaledCopy(a);
  const diagonal = new Float64Array(a.rows);
  const beside = new Float64Array(a.rows);
  tridiagonalise(work, a.rows, diagonal, beside, null);
  diagonalise(diagonal, beside, null, a.rows);
  return diagonal
    .sort()
    .reverse()
    .map((x) => x * scale);
}

function scaledCopy(a: Matrix): { work: Float64Array; scale: number } {
  const n = a.rows;
  if (n !== a.cols) throw new RangeError(`a ${a.rows}×${a.cols} matrix is not square`);
  if (!isFiniteMatrix(a)) throw new RangeError("the matrix has an entry that is not finite");
  const scale = powerOfTwoNear(a);
  const work = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) work[i * n + j] = work[j * n + i] = scale === 0 ? 0 : a.data[i * n + j]! / scale;
  }
  return { work, scale };
}

/**
 * a = Q T Qᵀ with T tridiagonal; overwrites a.
 * @param diagonal gets that of T, `beside[i]` its entry (i + 1, i)
 * @param q gets Q; null where it is not wanted
 */
function tridiagonalise(
  a: Float64Array,
  n: number,
  diagonal: Float64Array,
  beside: Float64Array,
  q: Float64Array | null,
): void {
  const factors = new Float64Array(n);
  const product = new Float64Array(n);
  for (let k = 0; k < n - 1; k++) {
    // Row k beyond the diagonal becomes the vector v of the reflection I − factor v vᵀ.
    const v = a.subarray(k * n, (k + 1) * n);
    let squares = 0;
    for (let j = k + 2; j < n; j++) squares += v[j]! * v[j]!;
    const first = v[k + 1]!;
    if (squares === 0) {
      beside[k] = first;
      continue;
    }
    const length = Math.sqrt(first * first + squares);
    const head = first > 0 ? first + length : first - length;
    beside[k] = first > 0 ? -length : length;
    v[k + 1] = head;
    const factor = 2 / (head * head + squares);
    factors[k] = factor;
    timesVector(a, v, k + 1, n, product);
    let along = 0;
    for (let i = k + 1; i < n; i++) along += product[i]! * v[i]!;
    const half = (factor * factor * along) / 2;
    for (let i = k + 1; i < n; i++) product[i] = factor * product[i]! - half * v[i]!;
    for (let i = k + 1; i < n; i++) {
      const x = v[i]!;
      const y = product[i]!;
      for (let j = k + 1, at = i * n + j; j < n; j++, at++) a[at]! -= x * product[j]! + y * v[j]!;
    }
  }
  for (let i = 0; i < n; i++) diagonal[i] = a[i * n + i]!;
  if (q === null) return;
  for (let i = 0; i < n; i++) q[i * n + i] = 1;
  for (let k = n - 2; k >= 0; k--) {
    const factor = factors[k]!;
    if (factor === 0) continue;
    const v = a.subarray(k * n, (k + 1) * n);
    product.fill(0);
    for (let i = k + 1; i < n; i++) {
      const x = factor * v[i]!;
      for (let j = k + 1, at = i * n + j; j < n; j++, at++) product[j]! += x * q[at]!;
    }
    for (let i = k + 1; i < n; i++) {
      const x = v[i]!;
      for (let j = k + 1, at = i * n + j; j < n; j++, at++) q[at]! -= x * product[j]!;
    }
  }
}

/** out[i] = Σ_j a[i, j] v[j] for i, j ≥ from; four rows at a time, whose sums do not wait for each other. */
function timesVector(a: Float64Array, v: Float64Array, from: number, n: number, out: Float64Array): void {
  let i = from;
  for (; i + 3 < n; i += 4) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let j = from, at = i * n + j; j < n; j++, at++) {
      const x = v[j]!;
      s0 += x * a[at]!;
      s1 += x * a[at + n]!;
      s2 += x * a[at + 2 * n]!;
      s3 += x * a[at + 3 * n]!;
    }
    out[i] = s0;
    out[i + 1] = s1;
    out[i + 2] = s2;
    out[i + 3] = s3;
  }
  for (; i < n; i++) {
    let sum = 0;
    for (let j = from, at = i * n + j; j < n; j++, at++) sum += v[j]! * a[at]!;
    out[i] = sum;
  }
}

/** Turns T into a diagonal matrix and the columns of Q, if any, into eigenvectors. */
function diagonalise(d: Float64Array, e: Float64Array, columns: Float64Array | null, n: number): void {
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
      if (columns !== null) rotate(columns, n, i + 1, high, sines, cosines);
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

/**
 * Turns the columns i and i + 1 against each other, for i = high − 1 down to low. Of four rows at once, since what a
 * rotation leaves in column i goes into the next one.
 */
function rotate(
  columns: Float64Array,
  n: number,
  low: number,
  high: number,
  sines: Float64Array,
  cosines: Float64Array,
): void {
  let row = 0;
  for (; row + 3 < n; row += 4) {
    const p0 = row * n;
    const p1 = p0 + n;
    const p2 = p0 + 2 * n;
    const p3 = p0 + 3 * n;
    let y0 = columns[p0 + high]!;
    let y1 = columns[p1 + high]!;
    let y2 = columns[p2 + high]!;
    let y3 = columns[p3 + high]!;
    for (let i = high - 1; i >= low; i--) {
      const s = sines[i]!;
      const c = cosines[i]!;
      const x0 = columns[p0 + i]!;
      const x1 = columns[p1 + i]!;
      const x2 = columns[p2 + i]!;
      const x3 = columns[p3 + i]!;
      columns[p0 + i + 1] = s * x0 + c * y0;
      columns[p1 + i + 1] = s * x1 + c * y1;
      columns[p2 + i + 1] = s * x2 + c * y2;
      columns[p3 + i + 1] = s * x3 + c * y3;
      y0 = c * x0 - s * y0;
      y1 = c * x1 - s * y1;
      y2 = c * x2 - s * y2;
      y3 = c * x3 - s * y3;
    }
    columns[p0 + low] = y0;
    columns[p1 + low] = y1;
    columns[p2 + low] = y2;
    columns[p3 + low] = y3;
  }
  for (; row < n; row++) {
    const p = row * n;
    let y = columns[p + high]!;
    for (let i = high - 1; i >= low; i--) {
      const x = columns[p + i]!;
      columns[p + i + 1] = sines[i]! * x + cosines[i]! * y;
      y = cosines[i]! * x - sines[i]! * y;
    }
    columns[p + low] = y;
  }
}
