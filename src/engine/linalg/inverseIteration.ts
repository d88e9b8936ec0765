import { dot, row, zeros, type Matrix } from "./matrix";

/** Residual ‖T x − λ x‖, as a share of ‖T‖, above which an inverse iteration counts as failed. */
const residualTolerance = 1e-11;

/**
 * Eigenvectors of a tridiagonal T [n, n] for some of its eigenvalues.
 *
 * @param below entry i is T(i + 1, i); the last is 0
 * @returns unit rows [values, n], each orthogonal to those before; null where one does not converge
 */
export function inverseIteration(diagonal: Float64Array, below: Float64Array, values: Float64Array): Matrix | null {
  const n = diagonal.length;
  const norm = largestRow(diagonal, below);
  if (norm === 0) return null;
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

/** The largest sum of the absolute values of a row of T, which is at least its norm. */
function largestRow(diagonal: Float64Array, below: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < diagonal.length; i++) {
    const before = i > 0 ? Math.abs(below[i - 1]!) : 0;
    largest = Math.max(largest, Math.abs(diagonal[i]!) + Math.abs(below[i]!) + before);
  }
  return largest;
}
