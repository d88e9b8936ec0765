import { symmetricEigen } from "../../linalg/decompositions";
import {
  columnMeans,
  multiply,
  row,
  scale,
  subtractFromRows,
  transpose,
  zeros,
  type Matrix,
} from "../../linalg/matrix";
import { productInto } from "../../linalg/products";
import type { KlNewton } from "./klNewton";
import { centreRows } from "./predictionScores";

/**
 * An affine map to logits over Y in the form that the representer theorem gives it: z(x) = Σ_i α_i ⟨x_i, x⟩ + a over
 * the training rows.
 */
export interface KlMap {
  /** α, [n, |Y|]. */
  readonly coefficients: Matrix;
  /** a, [|Y|]. */
  readonly intercept: Float64Array;
  /** False where rounding kept the last step from being found. */
  readonly converged: boolean;
}

const mostSteps = 100;

/** Eigenvalues of a Gram matrix below this share of the largest are rounding. */
const relativeTolerance = 1e-11;

/** Where to begin: coefficients of the training rows, and the intercept. */
export type KlStart = Pick<KlMap, "coefficients" | "intercept">;

/**
 * The minimum of Σ_i KL(p_i ‖ softmax(G_Y(A x_i + a))) + (λ/2) ‖G_Y A‖²_F ([Rel]): the affine map whose distributions
 * over Y are nearest to the model's. It is convex; with x the (whitened or standardised) inputs, G_Y A is a sum over
 * training rows, so that n × |Y| numbers are looked for.
 *
 * Newton's method on the logits of the training rows, as for Gaussian processes with several classes (Rasmussen and
 * Williams, *Gaussian Processes for Machine Learning*, section 3.5), whose Hessian is one n × n matrix for each answer
 * and a coupling of rank n, n³ |Y| / 2 multiplications; here with an intercept that is not penalised. To keep it for further
 * steps does not pay: they cost half as much, and more of them are needed. Steps are halved where the sum would not fall
 * enough.
 *
 * @param rows the training rows
 * @param tolerance the last step is the first by which the sum falls by no more than this share of itself; what is left
 *   then is about its square
 * @param start such as the map of a neighbouring λ, or `interpolation` for a small one: far from the minimum, many steps
 *   are needed
 */
export function fitKlMap(rows: KlNewton, lambda: number, tolerance: number, start: KlStart): KlMap {
  const { rows: n, cols: answers } = start.coefficients;
  rows.penalty = lambda;
  // Coefficients of the kernel, which has λ in it.
  let dual = scale(start.coefficients, lambda).data;
  let intercept = start.intercept;
  let logits = withIntercept(rows.gram.data, start.coefficients.data, intercept);
  let value = rows.value(logits, dual, intercept);
  const equal = rows.value(zeros(n, answers).data, zeros(n, answers).data, new Float64Array(answers));
  if (!(value <= equal)) {
    // A start that is worse than none.
    [dual, logits, intercept] = [zeros(n, answers).data, zeros(n, answers).data, new Float64Array(answers)];
    value = equal;
  }
  let nextDual: Float64Array = new Float64Array(n * answers);
  let nextLogits: Float64Array = new Float64Array(n * answers);
  let converged = false;
  for (let s = 0; s < mostSteps && !converged; s++) {
    if (!rows.look(logits)) break;
    const change = rows.change({ dual, logits, intercept });
    const slope = rows.slope({ dual, logits, intercept }, change);
    const last = slope <= 0 && -slope <= 2 * tolerance * value;
    let length = 1;
    let next = Infinity;
    let nextIntercept = intercept;
    for (; length > 1e-10; length /= 2) {
      moved(dual, change.dual, length, nextDual);
      moved(logits, change.logits, length, nextLogits);
      nextIntercept = moved(intercept, change.intercept, length, new Float64Array(answers));
      next = rows.value(nextLogits, nextDual, nextIntercept);
      // So near the minimum, what the values differ by is rounding.
      if (last || next <= value + 1e-4 * length * slope) break;
    }
    if (!last && !(next <= value)) break;
    [dual, nextDual] = [nextDual, dual];
    [logits, nextLogits] = [nextLogits, logits];
    intercept = nextIntercept;
    value = next;
    converged = last;
  }
  for (let j = 0; j < dual.length; j++) dual[j]! /= lambda;
  return { coefficients: { rows: n, cols: answers, data: dual }, intercept, converged };
}

function moved(from: Float64Array, by: Float64Array, length: number, to: Float64Array): Float64Array {
  for (let j = 0; j < to.length; j++) to[j] = from[j]! + length * by[j]!;
  return to;
}

/**
 * Coefficients by which the training rows have given logits [n, |Y|], or come as near as an affine map can. With log p it is the minimum for λ = 0; with those
 * of a map that was fitted to more rows, a point near the minimum for these.
 */
export function interpolation(gram: Matrix, logits: Matrix): KlStart {
  const centred = centreRows(logits);
  const intercept = columnMeans(centred);
  const { values, vectors } = symmetricEigen(gram);
  const along = multiply(transpose(vectors), subtractFromRows(centred, intercept));
  for (let k = 0; k < along.rows; k++) {
    const inverse = values[k]! > relativeTolerance * values[0]! ? 1 / values[k]! : 0;
    for (let y = 0; y < along.cols; y++) along.data[k * along.cols + y]! *= inverse;
  }
  return { coefficients: multiply(vectors, along), intercept };
}

/** Logits over Y of other rows, given their inner products with the training rows [m, n]: [m, |Y|]. */
export function klLogits({ coefficients, intercept }: KlStart, cross: Matrix): Matrix {
  return { rows: cross.rows, cols: coefficients.cols, data: withIntercept(cross.data, coefficients.data, intercept) };
}

/** Σ KL(p ‖ softmax(z)) over rows, nats. */
export function klDivergence(probabilities: Matrix, logits: Matrix): number {
  let total = 0;
  for (let i = 0; i < logits.rows; i++) {
    const p = row(probabilities, i);
    const z = row(logits, i);
    const logSum = logSumExp(z);
    for (let y = 0; y < z.length; y++) if (p[y]! > 0) total += p[y]! * (Math.log(p[y]!) - z[y]! + logSum);
  }
  return total;
}

/** Rows of logits over Y as probabilities. */
export function softmaxRows(logits: Matrix): Matrix {
  const out = zeros(logits.rows, logits.cols);
  for (let i = 0; i < logits.rows; i++) {
    const from = row(logits, i);
    const to = row(out, i);
    const logSum = logSumExp(from);
    for (let y = 0; y < to.length; y++) to[y] = Math.exp(from[y]! - logSum);
  }
  return out;
}

function logSumExp(values: Float64Array): number {
  let largest = -Infinity;
  for (let v = 0; v < values.length; v++) largest = Math.max(largest, values[v]!);
  let sum = 0;
  for (let v = 0; v < values.length; v++) sum += Math.exp(values[v]! - largest);
  return largest + Math.log(sum);
}

function withIntercept(cross: Float64Array, dual: Float64Array, intercept: Float64Array): Float64Array {
  const answers = intercept.length;
  const inner = dual.length / answers;
  const rows = cross.length / inner;
  const out = new Float64Array(rows * answers);
  productInto(cross, dual, [rows, inner, answers], out);
  for (let at = 0; at < out.length; at++) out[at]! += intercept[at % answers]!;
  return out;
}
