import { dot, multiply, row, selectRows, subtractFromRows, transpose, zeros, type Matrix } from "../../linalg/matrix";
import type { Random } from "../../linalg/random";
import type { VocabularyStatistics } from "../geometry/geometry";
import { fromSingularValues, randomRotation } from "./rotation";

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
  return {
    embed: fromSingularValues(left, s, right),
    unembed: fromSingularValues(left, inverse, right),
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
  const counted = selectRows(a, rows);
  const wholeMean = new Float64Array(size);
  wholeMean.set(mean);
  for (let at = 0; at < counted.data.length; at++) wholeMean[d + (at % extra)]! += counted.data[at]! / count;
  // Rows of a against the centred g, which needs no mean of a, and against the centred a.
  const own = subtractFromRows(beside(selectRows(g, rows), counted), wholeMean.subarray(0, d + extra));
  const cross = multiply(transpose(counted), own);
  const whole = zeros(size, size);
  for (let i = 0; i < d; i++) whole.data.set(row(covariance, i), i * size);
  for (let k = 0; k < extra; k++) {
    for (let j = 0; j < d + extra; j++) {
      const entry = cross.data[k * (d + extra) + j]! / count;
      whole.data[(d + k) * size + j] = entry;
      whole.data[j * size + d + k] = entry;
    }
  }
  return { mean: wholeMean, covariance: whole };
}

/** [rows, count], normal at the root mean square of the entries of a. */
function normalColumns(a: Matrix, count: number, random: Random): Matrix {
  const scale = a.data.length === 0 ? 1 : Math.sqrt(dot(a.data, a.data) / a.data.length);
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
