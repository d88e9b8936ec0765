import { symmetricEigen } from "../../linalg/decompositions";
import { dot, multiplyTransposed, row, subtract, zeros, type Matrix } from "../../linalg/matrix";

/** Vectors of several tokens a row: those of row i are starts[i] … starts[i + 1] − 1. */
export interface TokenRows {
  /** [tokens, d] */
  readonly tokens: Matrix;
  /** [rows + 1], ascending, no row empty. */
  readonly starts: Int32Array;
}

/** Eigenvalues below this share of the largest are rounding. */
const relativeTolerance = 1e-10;

/** m_i: the mean of each row's tokens, [rows, d]. */
export function meanPool({ tokens, starts }: TokenRows): Matrix {
  const out = zeros(starts.length - 1, tokens.cols);
  for (let i = 0; i < out.rows; i++) {
    const target = row(out, i);
    for (let t = starts[i]!; t < starts[i + 1]!; t++) {
      for (let j = 0; j < target.length; j++) target[j]! += tokens.data[t * tokens.cols + j]!;
    }
    const count = starts[i + 1]! - starts[i]!;
    for (let j = 0; j < target.length; j++) target[j]! /= count;
  }
  return out;
}

/**
 * First- and second-order moments of each row's tokens: the mean m_i together with the covariance
 * V_i = mean_t (x_t − m_i)(x_t − m_i)ᵀ, all d² entries of it (second-order pooling: Carreira, Caseiro, Batista and
 * Sminchisescu, ECCV 2012; mean and deviation of speech frames: Snyder et al., ICASSP 2018). The variances of single
 * coordinates would depend on the basis; inner products of whole matrices do not:
 *
 *     ⟨V_i, V_j⟩ = mean_{s,t} ((x_s − m_i)·(x_t − m_j))²
 *
 * Both parts are centred over the rows and scaled to the same mean square. What is returned are coordinates with the
 * inner products of these features, [rows, at most rows − 1]; the features themselves are never written out.
 */
export function momentPool(rows: TokenRows): Matrix {
  const means = meanPool(rows);
  const n = means.rows;
  const first = scaledGram(multiplyTransposed(means, means));
  const second = scaledGram(covarianceProducts(rows, means));
  const gram = zeros(n, n);
  for (let k = 0; k < gram.data.length; k++) gram.data[k] = first.data[k]! + second.data[k]!;
  const { values, vectors } = symmetricEigen(gram);
  const kept = values.filter((e) => e > relativeTolerance * values[0]!).length;
  const out = zeros(n, kept);
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < kept; a++) out.data[i * kept + a] = vectors.data[i * n + a]! * Math.sqrt(values[a]!);
  }
  return out;
}

/** ⟨V_i, V_j⟩, [rows, rows]. */
function covarianceProducts({ tokens, starts }: TokenRows, means: Matrix): Matrix {
  const n = means.rows;
  const rowOf = Int32Array.from({ length: tokens.rows });
  for (let i = 0; i < n; i++) rowOf.fill(i, starts[i], starts[i + 1]);
  const spread = zeros(tokens.rows, tokens.cols);
  rowOf.forEach((i, t) => row(spread, t).set(row(means, i)));
  const deviations = subtract(tokens, spread);
  const products = multiplyTransposed(deviations, deviations);
  const out = zeros(n, n);
  for (let s = 0; s < tokens.rows; s++) {
    for (let t = 0; t < tokens.rows; t++) {
      out.data[rowOf[s]! * n + rowOf[t]!]! += products.data[s * tokens.rows + t]! ** 2;
    }
  }
  const count = (i: number) => starts[i + 1]! - starts[i]!;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out.data[i * n + j]! /= count(i) * count(j);
  return out;
}

/** J K J / its mean diagonal, J the centring of the rows; zero where all rows are the same. */
function scaledGram(gram: Matrix): Matrix {
  const n = gram.rows;
  const means = Float64Array.from({ length: n }, (_, i) => row(gram, i).reduce((sum, x) => sum + x, 0) / n);
  const mean = means.reduce((sum, x) => sum + x, 0) / n;
  const out = zeros(n, n);
  let trace = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) out.data[i * n + j] = gram.data[i * n + j]! - means[i]! - means[j]! + mean;
    trace += out.data[i * n + i]!;
  }
  const size = Math.sqrt(dot(gram.data, gram.data));
  const factor = trace > relativeTolerance * size ? n / trace : 0;
  for (let k = 0; k < out.data.length; k++) out.data[k]! *= factor;
  return out;
}
