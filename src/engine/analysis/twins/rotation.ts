import { identity, multiply, zeros, type Matrix } from "../../linalg/matrix";
import type { Random } from "../../linalg/random";

/** Entries that are turned at a time: a second-level cache holds them. */
const blockEntries = 1 << 14;

/** Up to this d, the vector kernels multiply by a whole matrix in less time than a row takes to be turned. */
const mostDense = 192;

/** Pairs of coordinates with the cosine and sine of the angle by which each is turned, in order. */
export interface Rotation {
  readonly pairs: Int32Array;
  readonly angles: Float64Array;
}

/** 3 + log₂ d times, the coordinates are paired at random and every pair is turned by a random angle. */
export function randomRotation(d: number, random: Random): Rotation {
  const rounds = d < 2 ? 0 : Math.ceil(Math.log2(d)) + 3;
  const half = Math.floor(d / 2);
  const pairs = new Int32Array(2 * half * rounds);
  const angles = new Float64Array(2 * half * rounds);
  for (let at = 0; at < pairs.length;) {
    const order = random.permutation(d);
    for (let k = 0; k < half; k++, at += 2) {
      const angle = 2 * Math.PI * random.next();
      pairs[at] = order[2 * k]!;
      pairs[at + 1] = order[2 * k + 1]!;
      angles[at] = Math.cos(angle);
      angles[at + 1] = Math.sin(angle);
    }
  }
  return { pairs, angles };
}

/** Rows x [n, d] to Q1 diag(s) Q2 x; a row is given the same digits whatever rows are beside it. */
export function fromSingularValues(left: Rotation, s: Float64Array, right: Rotation): (rows: Matrix) => Matrix {
  const d = s.length;
  const turned = (rows: Matrix) => turnedRows(rows, left, s, right);
  if (d > mostDense) return turned;
  let whole: Matrix | null = null;
  return (rows) => multiply(rows, (whole ??= turned(identity(d))));
}

function turnedRows(rows: Matrix, left: Rotation, s: Float64Array, right: Rotation): Matrix {
  const d = s.length;
  const out = zeros(rows.rows, d);
  const size = Math.max(16, Math.floor(blockEntries / d));
  for (let start = 0; start < rows.rows; start += size) {
    const count = Math.min(size, rows.rows - start);
    // Coordinate by coordinate, so that a pair of them is turned for many rows in a row.
    const block = new Float64Array(d * count);
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < d; j++) block[j * count + i] = rows.data[(start + i) * d + j]!;
    }
    turn(block, count, right);
    for (let j = 0; j < d; j++) {
      const factor = s[j]!;
      for (let at = j * count; at < (j + 1) * count; at++) block[at]! *= factor;
    }
    turn(block, count, left);
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < d; j++) out.data[(start + i) * d + j] = block[j * count + i]!;
    }
  }
  return out;
}

/** Turns `count` vectors in place; x is [d, count]. */
function turn(x: Float64Array, count: number, { pairs, angles }: Rotation): void {
  for (let at = 0; at < pairs.length; at += 2) {
    const cos = angles[at]!;
    const sin = angles[at + 1]!;
    let p = pairs[at]! * count;
    let q = pairs[at + 1]! * count;
    for (const end = p + count; p < end; p++, q++) {
      const a = x[p]!;
      const b = x[q]!;
      x[p] = cos * a - sin * b;
      x[q] = sin * a + cos * b;
    }
  }
}
