import { row, transpose, zeros, type Matrix } from "../../linalg/matrix";
import type { Random } from "../../linalg/random";
import type { VocabularyStatistics } from "../geometry/geometry";

/** Entries that are turned at a time: a second-level cache holds them. */
const blockEntries = 1 << 14;

/** An invertible T on R^d, as an operator on rows, and T^{-T}, so that (T f)·(T^{-T} g) = f·g. */
export interface ChangeOfBasis {
  /** Rows T f of f [n, d]. */
  embed(f: Matrix): Matrix;
  /** Rows T^{-T} g of g [n, d]. */
  unembed(g: Matrix): Matrix;
}

/**
 * T = Q1 diag(s) Q2 with the singular values log-uniform in [condition^-½, condition^½], both ends among them
 * (linear-properties section 1). For d = 1, s is the lower end. Q1 and Q2 are random orthogonal: 3 + log₂ d times, the
 * coordinates are paired at random and every pair is turned by a random angle. So a row costs d log d, not d².
 * @throws RangeError when condition < 1.
 */
export function changeOfBasis(d: number, condition: number, random: Random): ChangeOfBasis {
  if (!(condition >= 1)) throw new RangeError(`a condition number is at least 1, not ${condition}`);
  const s = Float64Array.from({ length: d }, (_, i) => {
    const exponent = i === 0 ? -0.5 : i === 1 ? 0.5 : random.next() - 0.5;
    return condition ** exponent;
  });
  const inverse = s.map((x) => 1 / x);
  const [left, right] = [randomRotation(d, random), randomRotation(d, random)];
  const apply = (rows: Matrix, factors: Float64Array): Matrix => {
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
        const factor = factors[j]!;
        for (let at = j * count; at < (j + 1) * count; at++) block[at]! *= factor;
      }
      turn(block, count, left);
      for (let i = 0; i < count; i++) {
        for (let j = 0; j < d; j++) out.data[(start + i) * d + j] = block[j * count + i]!;
      }
    }
    return out;
  };
  return { embed: (f) => apply(f, s), unembed: (g) => apply(g, inverse) };
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

/** What Cov(g) of a twin follows from, without another pass over the vocabulary. */
export interface CountedStatistics extends VocabularyStatistics {
  /** Tokens in the covariance; where g has not all of them, the appended coordinates of the others are 0. */
  readonly count: number;
  /** Rows of g that are in the covariance. */
  readonly rows: ArrayLike<number>;
}

export interface TwinVectors extends ModelVectors {
  /** Of the twin's g; null where those of the model were not given. */
  readonly statistics: VocabularyStatistics | null;
}

/** Appended coordinates beyond this number would show nothing more. */
const mostExtra = 16;

/**
 * A model with the same next-token distribution, exact up to rounding ([AoN], extended linear equivalence):
 * f~ = T f and g~ = T^{-T} g; for a change of dimension also coordinates in which g~ is arbitrary and f~ zero, and
 * coordinates in which f~ is arbitrary and g~ zero. What is arbitrary is normal, at the scale of the other entries.
 *
 * @throws RangeError when f and g differ in d.
 */
export function twinOf(
  model: ModelVectors & { readonly statistics?: CountedStatistics },
  family: TwinFamily,
  options: TwinOptions,
): TwinVectors {
  const d = model.g.cols;
  const { random, condition = 100, extra = Math.max(1, Math.min(mostExtra, Math.round(d / 8))) } = options;
  if (model.f.some((rows) => rows.cols !== d)) throw new RangeError(`f and g differ in their columns`);
  const basis = changeOfBasis(d, condition, random);
  const f = model.f.map((rows) => basis.embed(rows));
  const g = basis.unembed(model.g);
  const statistics = model.statistics === undefined ? null : changedStatistics(model.statistics, basis);
  if (family === "changeOfBasis") return { f, g, statistics };
  const appended = normalColumns(g, extra, random);
  return {
    f: f.map((rows) => beside(rows, zeros(rows.rows, extra), normalColumns(rows, extra, random))),
    g: beside(g, appended, zeros(g.rows, extra)),
    statistics:
      model.statistics === undefined || statistics === null
        ? null
        : appendedStatistics(statistics, g, appended, model.statistics),
  };
}

/** Mean T^{-T} m and covariance T^{-T} Cov T^{-1}. */
function changedStatistics({ mean, covariance }: VocabularyStatistics, basis: ChangeOfBasis): VocabularyStatistics {
  return {
    mean: basis.unembed({ rows: 1, cols: mean.length, data: mean }).data,
    covariance: basis.unembed(transpose(basis.unembed(covariance))),
  };
}

/** Of rows (g, a, 0), where g has the given statistics; a [rows of g, extra] is 0 for tokens that g has no row of. */
function appendedStatistics(
  { mean, covariance }: VocabularyStatistics,
  g: Matrix,
  a: Matrix,
  { count, rows }: CountedStatistics,
): VocabularyStatistics {
  const [d, extra] = [g.cols, a.cols];
  const size = d + 2 * extra;
  const wholeMean = new Float64Array(size);
  wholeMean.set(mean);
  for (let r = 0; r < rows.length; r++) {
    for (let j = 0; j < extra; j++) wholeMean[d + j]! += a.data[rows[r]! * extra + j]! / count;
  }
  // Rows of a against the centred g, which needs no mean of a, and against the centred a.
  const cross = zeros(extra, d + extra);
  const own = new Float64Array(d + extra);
  for (let r = 0; r < rows.length; r++) {
    const i = rows[r]!;
    for (let j = 0; j < d; j++) own[j] = g.data[i * d + j]! - mean[j]!;
    for (let j = 0; j < extra; j++) own[d + j] = a.data[i * extra + j]! - wholeMean[d + j]!;
    for (let k = 0; k < extra; k++) {
      const x = a.data[i * extra + k]! / count;
      const target = row(cross, k);
      for (let j = 0; j < own.length; j++) target[j]! += x * own[j]!;
    }
  }
  const whole = zeros(size, size);
  for (let i = 0; i < d; i++) whole.data.set(row(covariance, i), i * size);
  for (let k = 0; k < extra; k++) {
    for (let j = 0; j < d + extra; j++) {
      whole.data[(d + k) * size + j] = cross.data[k * (d + extra) + j]!;
      whole.data[j * size + d + k] = cross.data[k * (d + extra) + j]!;
    }
  }
  return { mean: wholeMean, covariance: whole };
}

/** Pairs of coordinates with the cosine and sine of the angle by which each is turned, in order. */
interface Rotation {
  readonly pairs: Int32Array;
  readonly angles: Float64Array;
}

function randomRotation(d: number, random: Random): Rotation {
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

/** [rows, count], normal at the root mean square of the entries of a. */
function normalColumns(a: Matrix, count: number, random: Random): Matrix {
  const scale = a.data.length === 0 ? 1 : Math.sqrt(a.data.reduce((sum, x) => sum + x * x, 0) / a.data.length);
  const out = zeros(a.rows, count);
  for (let k = 0; k < out.data.length; k++) out.data[k] = scale * random.normal();
  return out;
}

function beside(...parts: readonly Matrix[]): Matrix {
  const out = zeros(
    parts[0]!.rows,
    parts.reduce((sum, part) => sum + part.cols, 0),
  );
  for (let i = 0; i < out.rows; i++) {
    let at = i * out.cols;
    for (const part of parts) {
      out.data.set(row(part, i), at);
      at += part.cols;
    }
  }
  return out;
}
