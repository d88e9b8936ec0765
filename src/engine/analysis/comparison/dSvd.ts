import { svd, symmetricEigenvalues } from "../../linalg/decompositions";
import { multiply, multiplyTransposed, row, selectRows, transpose, zeros, type Matrix } from "../../linalg/matrix";
import { random } from "../../linalg/random";
import { mean, quantile } from "../statistics/intervals";
import { shiftedInterval, shufflePassages, type Passages } from "./passages";
import type { Similarity } from "./similarity";

const draws = 20;
/** A log-ratio that varies less than this share of the most varying one is constant up to rounding. */
const relativeTolerance = 1e-10;

/**
 * d_SVD = 1 − m_SVD of [LLV], m_SVD the mean singular value of the cross-correlation matrix of the log-ratios u and u'
 * over contexts (PLS-SVD on standardised columns): 0 for equivalent models. For one set of tokens with its pivot, where
 * [LLV] takes the extremes over sets.
 *
 * @param left u(x, y) = log p(y|x) − log p(y0|x), [n, k]; so is `right`. Tokens whose log-ratio is constant in a model
 *   are left out.
 * @returns null with fewer than two contexts, or where no log-ratio is left
 */
export function dSvd(left: Matrix, right: Matrix): number | null {
  const [a, b] = standardised(left, right);
  if (a.cols === 0 || a.rows < 2) return null;
  const singular = svd(multiply(transpose(a), b)).s;
  return Math.min(1, Math.max(0, 1 - singular.reduce((sum, s) => sum + s, 0) / a.cols));
}

/** With an interval over passages and the null of permuted ones. */
export function dSvdFigure(left: Matrix, right: Matrix, passages: Passages, seed: number): Similarity | null {
  const value = dSvd(left, right);
  if (value === null) return null;
  const [a, b] = standardised(left, right);
  const source = random(seed, "d_SVD null");
  const nulls = Array.from({ length: passages.count > 1 ? draws : 0 }, () => {
    const cross = multiply(transpose(a), selectRows(b, shufflePassages(passages, source)));
    return 1 - nuclearNorm(cross) / a.cols;
  });
  return {
    value,
    interval: shiftedInterval(passages, value, weightedDistance(a, b, passages), random(seed, "d_SVD interval")),
    nullMean: nulls.length > 0 ? mean(nulls) : null,
    nullUpper: nulls.length > 0 ? quantile(nulls, 0.025) : null,
    identifiable: "always",
  };
}

/** d_SVD with passages counted w times. Their sums of products are taken once; a resample adds matrices of k by k. */
export function weightedDistance(a: Matrix, b: Matrix, { contexts }: Passages): (counts: Int32Array) => number {
  const k = a.cols;
  const parts = contexts.map((own) => {
    const [rowsA, rowsB] = [transpose(selectRows(a, own)), transpose(selectRows(b, own))];
    return {
      products: multiplyTransposed(rowsA, rowsB).data,
      size: own.length,
      sums: [rowsA, rowsB].map((rows) => sumsOf(rows, (x) => x)),
      powers: [rowsA, rowsB].map((rows) => sumsOf(rows, (x) => x * x)),
    };
  });
  const cross = zeros(k, k);
  return (w) => {
    cross.data.fill(0);
    const sums = [new Float64Array(k), new Float64Array(k)];
    const powers = [new Float64Array(k), new Float64Array(k)];
    let total = 0;
    parts.forEach((own, p) => {
      const times = w[p]!;
      if (times === 0) return;
      total += times * own.size;
      for (let at = 0; at < k * k; at++) cross.data[at]! += times * own.products[at]!;
      for (const side of [0, 1]) {
        for (let j = 0; j < k; j++) {
          sums[side]![j]! += times * own.sums[side]![j]!;
          powers[side]![j]! += times * own.powers[side]![j]!;
        }
      }
    });
    const [scaleA, scaleB] = sums.map((own, side) =>
      own.map((sum, j) => 1 / Math.sqrt(powers[side]![j]! - (sum * sum) / total)),
    );
    for (let i = 0, at = 0; i < k; i++) {
      for (let j = 0; j < k; j++, at++) {
        const covariance = cross.data[at]! - (sums[0]![i]! * sums[1]![j]!) / total;
        cross.data[at] = covariance * scaleA![i]! * scaleB![j]!;
      }
    }
    return cross.data.every(Number.isFinite) ? 1 - nuclearNorm(cross) / k : NaN;
  };
}

function sumsOf(rows: Matrix, of: (x: number) => number): Float64Array {
  return Float64Array.from({ length: rows.rows }, (_, j) => row(rows, j).reduce((sum, x) => sum + of(x), 0));
}

/** Σ of the singular values, from the squares: to 1e-8 of the largest each, several times faster than from themselves. */
function nuclearNorm(a: Matrix): number {
  return symmetricEigenvalues(multiplyTransposed(a, a)).reduce((sum, e) => sum + Math.sqrt(Math.max(0, e)), 0);
}

/** Columns minus their means, of length 1, without those that are constant in either. */
function standardised(left: Matrix, right: Matrix): [Matrix, Matrix] {
  const sides = [left, right].map((rows) => {
    const columns = transpose(rows);
    const lengths = new Float64Array(columns.rows);
    for (let j = 0; j < columns.rows; j++) {
      const own = row(columns, j);
      const centre = mean(own);
      for (let i = 0; i < own.length; i++) own[i]! -= centre;
      lengths[j] = Math.sqrt(own.reduce((sum, x) => sum + x * x, 0));
      for (let i = 0; i < own.length; i++) own[i]! /= lengths[j]!;
    }
    return { columns, lengths, most: lengths.reduce((most, x) => Math.max(most, x), 0) };
  });
  const kept = Array.from({ length: left.cols }, (_, j) => j).filter((j) =>
    sides.every(({ lengths, most }) => lengths[j]! > relativeTolerance * most),
  );
  const [a, b] = sides.map(({ columns }) => transpose(selectRows(columns, kept)));
  return [a!, b!];
}
