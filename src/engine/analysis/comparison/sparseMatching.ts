import { columnMeans, dot, multiply, row, scale, selectRows, subtractFromRows, transpose, type Matrix } from "../../linalg/matrix"; // prettier-ignore
import { mean } from "../statistics/intervals";
import type { Folds } from "../statistics/folds";
import { LassoPath, type LassoProblem } from "./lasso";
import type { Passages } from "./passages";

/** λ that are tried, as shares of the one that leaves no unit. */
const shares = Array.from({ length: 9 }, (_, step) => 10 ** (-step / 4));
/** Of the variance: smaller λ that explain no more than this beyond the best are not worth their units. */
const worthwhile = 1e-3;
/** More than these are not a few. */
const mostUnits = 32;

export interface SparseMatching {
  readonly meanR2: number;
  readonly meanUnits: number;
  readonly r2: number[];
  readonly units: number[];
}

/** Sums over some rows, so that those of any union of folds are a sum. */
interface Moments {
  readonly n: number;
  readonly inputs: Float64Array;
  readonly targets: Float64Array;
  /** Xᵀ X, [k, k]; Yᵀ X, [t, k]. */
  readonly gram: Matrix;
  readonly products: Matrix;
  /** Σ y² of each target. */
  readonly squares: Float64Array;
}

/**
 * Each left unit from a few right ones [Conv]: lasso with an intercept on right units of variance 1, at most 32 of them.
 * Every fold of passages is predicted from the others, with the share of the largest λ at which each of these is
 * predicted best from the rest of them. R² is against the training mean. The number of units is that of the fit to all
 * contexts at the share that is best over all folds.
 *
 * @param inputs right units, [n, k]; targets left ones, [n, t]; none constant
 * @param folds three or more
 */
export function sparseMatching(inputs: Matrix, targets: Matrix, passages: Passages, folds: Folds): SparseMatching {
  const [x, y] = [standardised(inputs), standardised(targets)];
  const parts = Array.from({ length: folds.count }, (_, fold) =>
    momentsOf(
      x,
      y,
      passages.contexts.flatMap((own, p) => (folds.foldOf[p] === fold ? Array.from(own) : [])),
    ),
  );
  const whole = parts.slice(1).reduce((a, b) => combine(a, b, 1), parts[0]!);
  const rounds = parts.map((held) => ({ held: [held], training: problems(combine(whole, held, -1)) }));
  // Without two folds, either of which may be the one that is predicted.
  const pairs = parts.flatMap((one, i) =>
    parts.slice(0, i).map((two, j) => {
      const rest = combine(combine(whole, one, -1), two, -1);
      return { folds: [i, j] as const, held: [one, two], training: problems(rest) };
    }),
  );
  const all = problems(whole);
  const results = Array.from({ length: y.cols }, (_, t) => {
    const inner = pairs.map(({ folds: both, held, training }) => ({ both, found: scoresAlongPath(training, held, t) }));
    const scores = rounds.flatMap(({ held, training }) => scoresAlongPath(training, held, t));
    let [error, deviation] = [0, 0];
    scores.forEach((own, fold) => {
      const share = bestShare(inner.flatMap(({ both, found }) => found.filter((_, which) => both[1 - which] === fold)));
      error += own.errors[share]!;
      deviation += own.deviation;
    });
    const path = new LassoPath(all.of(t), mostUnits);
    path.to(path.largest * shares[bestShare(scores)]!);
    return { r2: 1 - error / deviation, units: path.weights.filter((w) => w !== 0).length };
  });
  const r2 = results.map((result) => result.r2);
  const units = results.map((result) => result.units);
  return { meanR2: mean(r2), meanUnits: mean(units), r2, units };
}

interface PathScores {
  /** Σ (y − ŷ)² of the held-out rows at each share. */
  readonly errors: Float64Array;
  /** Σ (y − ȳ)². */
  readonly deviation: number;
}

/** Of each part that is held out. */
function scoresAlongPath(training: Problems, held: readonly Moments[], t: number): PathScores[] {
  const path = new LassoPath(training.of(t), mostUnits);
  const out = held.map(() => ({ errors: new Float64Array(shares.length), deviation: 0 }));
  let ended = false;
  shares.forEach((share, step) => {
    // Where it ended, there is nothing new to score.
    const weights = ended ? null : path.to(path.largest * share).weights;
    ended ||= path.ended;
    held.forEach((part, which) => {
      const found = weights === null ? null : scored(training, part, t, weights);
      const own = out[which]!;
      if (found !== null) own.deviation = found.deviation;
      own.errors[step] = found?.error ?? own.errors[step - 1]!;
    });
  });
  return out;
}

/** Position of the largest share that explains as much as any smaller one, but for what is not worthwhile. */
function bestShare(scores: readonly PathScores[]): number {
  const totals = shares.map((_, step) => scores.reduce((sum, { errors }) => sum + errors[step]!, 0));
  const deviation = scores.reduce((sum, own) => sum + own.deviation, 0);
  const least = Math.min(...totals);
  return totals.findIndex((total) => total <= least + worthwhile * deviation);
}

interface Problems {
  readonly moments: Moments;
  readonly of: (target: number) => LassoProblem;
}

/** Σ (y − ŷ)² and Σ (y − ȳ)² over the held-out rows, from their moments; ȳ and the intercept from the training rows. */
function scored({ moments }: Problems, held: Moments, t: number, weights: Float64Array) {
  const centre = moments.targets[t]! / moments.n;
  // ŷ = c + w·x
  let c = centre;
  let [linear, cross, quadratic] = [0, 0, 0];
  const k = weights.length;
  for (let j = 0; j < k; j++) {
    const w = weights[j]!;
    if (w === 0) continue;
    c -= (w * moments.inputs[j]!) / moments.n;
    linear += w * held.inputs[j]!;
    cross += w * held.products.data[t * k + j]!;
    const gram = row(held.gram, j);
    let product = 0;
    for (let i = 0; i < k; i++) product += gram[i]! * weights[i]!;
    quadratic += w * product;
  }
  const [n, total, squares] = [held.n, held.targets[t]!, held.squares[t]!];
  return {
    error: squares + n * c * c + quadratic - 2 * c * total - 2 * cross + 2 * c * linear,
    deviation: squares - 2 * centre * total + n * centre * centre,
  };
}

function problems(moments: Moments): Problems {
  const { n, inputs, targets } = moments;
  const k = inputs.length;
  const gram = scale(moments.gram, 1 / n);
  for (let i = 0, at = 0; i < k; i++) {
    for (let j = 0; j < k; j++, at++) gram.data[at]! -= (inputs[i]! * inputs[j]!) / n ** 2;
  }
  return {
    moments,
    of: (t) => ({
      gram,
      products: row(moments.products, t).map((x, j) => x / n - (inputs[j]! * targets[t]!) / n ** 2),
    }),
  };
}

function momentsOf(x: Matrix, y: Matrix, rows: readonly number[]): Moments {
  const [own, others] = [selectRows(x, rows), selectRows(y, rows)];
  const columns = transpose(others);
  return {
    n: rows.length,
    inputs: columnMeans(own).map((mean) => mean * rows.length),
    targets: columnMeans(others).map((mean) => mean * rows.length),
    gram: multiply(transpose(own), own),
    products: multiply(columns, own),
    squares: Float64Array.from({ length: y.cols }, (_, t) => dot(row(columns, t), row(columns, t))),
  };
}

function combine(a: Moments, b: Moments, sign: 1 | -1): Moments {
  const vector = (p: Float64Array, q: Float64Array) => p.map((value, i) => value + sign * q[i]!);
  const matrix = (p: Matrix, q: Matrix): Matrix => ({ ...p, data: vector(p.data, q.data) });
  return {
    n: a.n + sign * b.n,
    inputs: vector(a.inputs, b.inputs),
    targets: vector(a.targets, b.targets),
    gram: matrix(a.gram, b.gram),
    products: matrix(a.products, b.products),
    squares: vector(a.squares, b.squares),
  };
}

/** Columns minus their mean, of variance 1. */
function standardised(a: Matrix): Matrix {
  const out = subtractFromRows(a, columnMeans(a));
  const variances = new Float64Array(a.cols);
  for (let at = 0; at < out.data.length; at++) variances[at % a.cols]! += out.data[at]! ** 2 / a.rows;
  for (let at = 0; at < out.data.length; at++) out.data[at]! /= Math.sqrt(variances[at % a.cols]!);
  return out;
}
