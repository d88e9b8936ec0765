import { columnMeans, selectRows, subtractFromRows, transpose, type Matrix } from "../../linalg/matrix";
import { diverseRows } from "./diverseTokens";

/** A log-ratio that varies less than this share of the most varying one is constant up to rounding. */
const relativeTolerance = 1e-6;

export interface LogLikelihoodVariance {
  /** max of the terms. */
  readonly distance: number;
  /** Over labels, over contexts, scales over labels, scales over contexts. */
  readonly terms: readonly [number, number, number, number];
  /** Columns whose log-ratios vary in both models, after the pivot. */
  readonly labels: Int32Array;
  /** Rows behind the second and fourth term, pivot first. */
  readonly contexts: Int32Array;
}

/**
 * The log-likelihood variance distance of [LLV] with weight λ = 1: the maximum of
 *
 * 1. over labels y: sd_x(log p(y|x)/σ(y) − log p'(y|x)/σ'(y)), σ(y) = sd_x(log p(y|x) − log p(y0|x)); for the pivot y0
 *    the same with every scale σ(y), of which the largest counts;
 * 2. over contexts x of a diverse set: sd_y(log p(y|x)/ψ(x) − log p'(y|x)/ψ'(x)), ψ(x) = sd_y(log p(y|x) − log p(y|x0)),
 *    likewise for the pivot x0;
 * 3. over labels |σ(y) − σ'(y)|, in nats;
 * 4. over the diverse contexts |ψ(x) − ψ'(x)|, in nats.
 *
 * Standard deviations have n − 1 below. It departs from [LLV] in three ways: labels, and the variance over labels, are
 * those of a diverse set of tokens and not the whole vocabulary; the diverse contexts come from an elimination with
 * pivoting and not from a search for those with the smallest second term; a log-ratio that is constant in either
 * model is left out of the first two terms (σ = 0 there), not of the others. With given contexts it is a metric on
 * distributions over the labels: 0 for equal ones, symmetric, with the triangle inequality.
 *
 * The first two terms divide by σ and ψ: a label or context like the pivot makes them as large as one likes, whatever
 * the models. Hence few and diverse ones, `diverseCount` of each.
 *
 * @param left log p(y|x) of k + 1 diverse tokens, [n, k + 1], the pivot first; so is `right`
 * @param contexts rows of the second and fourth term, pivot first; absent: at most k + 1, chosen here
 * @returns null with fewer than three contexts or two labels, or where no log-ratio varies in both models
 */
export function logLikelihoodVariance(
  left: Matrix,
  right: Matrix,
  contexts?: ArrayLike<number>,
): LogLikelihoodVariance | null {
  if (left.rows < 3 || left.cols < 2) return null;
  const rows = Int32Array.from(contexts ?? diverseContexts(left, right));
  const overLabels = scaledDifferences(left, right);
  const overContexts = scaledDifferences(transpose(selectRows(left, rows)), transpose(selectRows(right, rows)));
  if (overLabels === null || overContexts === null) return null;
  const terms = [overLabels.difference, overContexts.difference, overLabels.scale, overContexts.scale] as const;
  return {
    distance: Math.max(...terms),
    terms,
    labels: Int32Array.from([0, ...overLabels.columns]),
    contexts: rows,
  };
}

/** As many as there are labels, of rows that differ in more than a constant. */
function diverseContexts(left: Matrix, right: Matrix): Int32Array {
  const overLabels = (rows: Matrix) => {
    const columns = transpose(rows);
    return transpose(subtractFromRows(columns, columnMeans(columns)));
  };
  return diverseRows(overLabels(left), overLabels(right), left.cols - 1);
}

/** Of columns, the first of which is the pivot: the largest scaled difference and the largest difference of scales. */
function scaledDifferences(left: Matrix, right: Matrix) {
  const sides = [left, right].map((rows) => {
    const columns = transpose(rows);
    const pivot = columns.data.subarray(0, columns.cols);
    const scales = Float64Array.from({ length: columns.rows }, (_, j) =>
      j === 0 ? 0 : standardDeviation(pivot.length, (i) => columns.data[j * columns.cols + i]! - pivot[i]!),
    );
    return { columns, scales, most: scales.reduce((most, x) => Math.max(most, x), 0) };
  });
  const [a, b] = [sides[0]!, sides[1]!];
  const columns = Array.from(a.scales.keys()).filter(
    (j) => a.scales[j]! > relativeTolerance * a.most && b.scales[j]! > relativeTolerance * b.most,
  );
  if (columns.length === 0) return null;
  const n = a.columns.cols;
  const differenceOf = (column: number, scale: number) =>
    standardDeviation(
      n,
      (i) => a.columns.data[column * n + i]! / a.scales[scale]! - b.columns.data[column * n + i]! / b.scales[scale]!,
    );
  return {
    columns,
    difference: Math.max(...columns.map((j) => Math.max(differenceOf(j, j), differenceOf(0, j)))),
    scale: a.scales.reduce((most, x, j) => Math.max(most, Math.abs(x - b.scales[j]!)), 0),
  };
}

function standardDeviation(n: number, value: (i: number) => number): number {
  let mean = 0;
  for (let i = 0; i < n; i++) mean += value(i);
  mean /= n;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (value(i) - mean) ** 2;
  return Math.sqrt(sum / (n - 1));
}
