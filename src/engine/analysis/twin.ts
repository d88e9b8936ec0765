import { dot, multiplyTransposed, row, zeros, type Matrix } from "../linalg/matrix";
import type { Random } from "../linalg/random";

/** An invertible T [d, d] and T^{-T}, so that (T f)·(T^{-T} g) = f·g. */
export interface ChangeOfBasis {
  readonly embedding: Matrix;
  readonly unembedding: Matrix;
}

/**
 * T = Q1 diag(s) Q2 with Q1, Q2 uniform among orthogonal matrices and the singular values log-uniform in
 * [condition^-½, condition^½], both ends among them (linear-properties section 1). For d = 1, s is the lower end.
 * @throws RangeError when condition < 1.
 */
export function changeOfBasis(d: number, condition: number, random: Random): ChangeOfBasis {
  if (!(condition >= 1)) throw new RangeError(`a condition number is at least 1, not ${condition}`);
  const s = Float64Array.from({ length: d }, (_, i) => {
    const exponent = i === 0 ? -0.5 : i === 1 ? 0.5 : random.next() - 0.5;
    return condition ** exponent;
  });
  const inverse = s.map((x) => 1 / x);
  const left = randomOrthogonal(d, random);
  const right = randomOrthogonal(d, random);
  return {
    embedding: multiplyTransposed(scaledColumns(left, s), right),
    unembedding: multiplyTransposed(scaledColumns(left, inverse), right),
  };
}

export type TwinFamily = "changeOfBasis" | "changeOfDimension";

export interface TwinOptions {
  readonly random: Random;
  /** Condition number of T. */
  readonly condition?: number;
  /** Coordinates that are appended with g~ arbitrary and f~ zero, and as many the other way round. */
  readonly extra?: number;
}

/** f of any sets of contexts, each [n, d], and g [tokens, d]; a bias is folded in beforehand. */
export interface ModelVectors {
  readonly f: readonly Matrix[];
  readonly g: Matrix;
}

/**
 * A model with the same next-token distribution, exact up to rounding ([AoN], extended linear equivalence):
 * f~ = T f and g~ = T^{-T} g; for a change of dimension also coordinates in which g~ is arbitrary and f~ zero, and
 * coordinates in which f~ is arbitrary and g~ zero. What is arbitrary is normal, at the scale of the other entries.
 * @throws RangeError when f and g differ in d.
 */
export function twinOf(model: ModelVectors, family: TwinFamily, options: TwinOptions): ModelVectors {
  const d = model.g.cols;
  const { random, condition = 100, extra = Math.max(1, Math.round(d / 8)) } = options;
  const { embedding, unembedding } = changeOfBasis(d, condition, random);
  const f = model.f.map((rows) => multiplyTransposed(rows, embedding));
  const g = multiplyTransposed(model.g, unembedding);
  if (family === "changeOfBasis") return { f, g };
  return {
    f: f.map((rows) =>
      append(
        append(rows, extra, () => 0),
        extra,
        normalAtScaleOf(rows, random),
      ),
    ),
    g: append(append(g, extra, normalAtScaleOf(g, random)), extra, () => 0),
  };
}

/** Gram–Schmidt on a Gaussian matrix, each row twice, so that rounding leaves no trace. */
function randomOrthogonal(d: number, random: Random): Matrix {
  const out = zeros(d, d);
  for (let i = 0; i < d; i++) {
    const target = row(out, i);
    for (let j = 0; j < d; j++) target[j] = random.normal();
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < i; k++) {
        const other = row(out, k);
        const along = dot(target, other);
        for (let j = 0; j < d; j++) target[j]! -= along * other[j]!;
      }
      const length = Math.sqrt(dot(target, target));
      for (let j = 0; j < d; j++) target[j]! /= length;
    }
  }
  return out;
}

function scaledColumns(a: Matrix, factors: Float64Array): Matrix {
  return { ...a, data: a.data.map((x, k) => x * factors[k % a.cols]!) };
}

function append(a: Matrix, columns: number, entry: () => number): Matrix {
  const out = zeros(a.rows, a.cols + columns);
  for (let i = 0; i < a.rows; i++) {
    const target = row(out, i);
    target.set(row(a, i));
    for (let j = a.cols; j < out.cols; j++) target[j] = entry();
  }
  return out;
}

function normalAtScaleOf(a: Matrix, random: Random): () => number {
  const scale = a.data.length === 0 ? 1 : Math.sqrt(dot(a.data, a.data) / a.data.length);
  return () => scale * random.normal();
}
