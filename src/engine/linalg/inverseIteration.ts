import { zeros, type Matrix } from "./matrix";
import { ShiftedTridiagonal } from "./shiftedTridiagonal";

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
  const x = new Float64Array(n);
  const shifted = new ShiftedTridiagonal(diagonal, below);
  for (let j = 0; j < values.length; j++) {
    const value = values[j]!;
    shifted.eliminate(value, 1e-16 * norm);
    // A start without symmetry, so that it leans on every eigenvector.
    for (let i = 0; i < n; i++) x[i] = 1 + ((i * 7 + j * 3) % 11) / 11;
    let residual = Infinity;
    // Twice is enough for a separate value; within a cluster the orthogonalisation costs a round more.
    for (let round = 0; round < 5 && !(round >= 2 && residual <= residualTolerance * norm); round++) {
      shifted.solve(x);
      for (let pass = 0; pass < 2; pass++) {
        normalise(x);
        for (let other = 0; other < j; other++) removeRow(x, out.data, other * n);
      }
      normalise(x);
      residual = residualOf(diagonal, below, value, x);
    }
    if (!(residual <= residualTolerance * norm)) return null;
    out.data.set(x, j * n);
  }
  return out;
}

/** x := x − (x·y) y for the unit row y of `rows` that begins at `from`. */
function removeRow(x: Float64Array, rows: Float64Array, from: number): void {
  let along = 0;
  for (let i = 0; i < x.length; i++) along += x[i]! * rows[from + i]!;
  for (let i = 0; i < x.length; i++) x[i]! -= along * rows[from + i]!;
}

function residualOf(diagonal: Float64Array, below: Float64Array, value: number, x: Float64Array): number {
  const last = x.length - 1;
  let sum = 0;
  let before = 0;
  for (let i = 0; i <= last; i++) {
    const after = i < last ? below[i]! * x[i + 1]! : 0;
    const entry = (diagonal[i]! - value) * x[i]! + before + after;
    sum += entry * entry;
    before = below[i]! * x[i]!;
  }
  return Math.sqrt(sum);
}

function normalise(x: Float64Array): void {
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += x[i]! * x[i]!;
  const factor = 1 / Math.sqrt(squares);
  for (let i = 0; i < x.length; i++) x[i]! *= factor;
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
