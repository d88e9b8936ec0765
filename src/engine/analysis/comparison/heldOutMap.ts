import { symmetricEigen } from "../../linalg/decompositions";
import { columnMeans, dot, fromRows, multiply, multiplyTransposed, row, selectRows, transpose, zeros, type Matrix } from "../../linalg/matrix"; // prettier-ignore
import { random, type Random } from "../../linalg/random";
import { scaleColumns } from "../geometry/rowSpace";
import { splitByFold, type Folds } from "../statistics/folds";
import { mean, quantile } from "../statistics/intervals";
import { choosePenalty, lambdaGrid } from "./mapPenalty";
import { passageInterval, shufflePassages, sumByPassage, type Passages } from "./passages";
import { randomDirections } from "./randomDirections";
import type { Similarity } from "./similarity";

const draws = 20;
/** Directions of the target on which the null is scored. */
const nullDirections = 32;

export interface HeldOutMap {
  readonly figure: Similarity;
  /** λ of each fold. */
  readonly lambdas: Float64Array;
  /** Folds in which it is the smallest, or the largest, of the grid. */
  readonly smallest: number;
  readonly largest: number;
}

/** One fold's ridge without an intercept, in the eigenbasis of its training inputs: x = U diag(√e) Vᵀ. */
interface MapFold {
  readonly train: Int32Array;
  readonly test: Int32Array;
  /** U, [n, k], and Uᵀ. */
  readonly left: Matrix;
  readonly axes: Matrix;
  /** e, [k]. */
  readonly eigenvalues: Float64Array;
  /** Held-out inputs times V, Z [m, k], with Zᵀ and Zᵀ Z. */
  readonly heldOut: Matrix;
  readonly heldOutColumns: Matrix;
  readonly heldOutGram: Matrix;
  readonly lambdas: Float64Array;
}

/**
 * How well a linear map without an intercept takes the inputs to the targets on passages that it was not fitted on:
 * P_M f(x) = A P_M~ f~(x) in every pair of equivalent models [AoN]. Ridge, in every fold with its own λ
 * (linear-properties section 5, left out by passage). R² = 1 − Σ‖x̂ − x‖² / Σ‖x − x̄‖², x̄ the mean of the training
 * targets. The interval is over the held-out sums of passages. In the null the targets' passages are permuted; each of
 * its 20 draws is scored on 32 random directions of the target, which leaves both sums' expectations, and at the λ
 * that suits the held-out contexts best, so that no rule for λ would do better. It is below 0:
 * without an intercept the targets' mean has to be made out of that of the inputs, and a λ that keeps the map from
 * fitting what is not there shrinks it, too.
 *
 * @param inputs `contextCoordinates` of one model, [n, r]; targets those of the other, [n, t]
 */
export function heldOutMap(
  inputs: Matrix,
  targets: Matrix,
  passages: Passages,
  folds: Folds,
  { seed, identifiable }: { seed: number; identifiable: Similarity["identifiable"] },
): HeldOutMap {
  const fitted = Array.from({ length: folds.count }, (_, fold) =>
    mapFold(inputs, splitByFold(passages.of, folds, fold)),
  );
  const errors = new Float64Array(inputs.rows);
  const deviations = new Float64Array(inputs.rows);
  const lambdas = Float64Array.from(fitted, (fold) => {
    const own = selectRows(targets, fold.train);
    const lambda = choosePenalty(
      fold,
      own,
      Int32Array.from(fold.train, (i) => passages.of[i]!),
    );
    const projected = multiply(fold.axes, own);
    const predicted = multiply(scaleColumns(fold.heldOut, gains(fold, lambda)), projected);
    const centre = columnMeans(own);
    fold.test.forEach((i, at) => {
      const target = row(targets, i);
      errors[i] = squaredDistance(row(predicted, at), target);
      deviations[i] = squaredDistance(centre, target);
    });
    return lambda;
  });
  const [errorSums, deviationSums] = [sumByPassage(passages, errors), sumByPassage(passages, deviations)];
  const r2 = (w: ArrayLike<number>) => 1 - dot(w, errorSums) / dot(w, deviationSums);
  const source = random(seed, "map null");
  const nulls = Array.from({ length: draws }, () =>
    permutedR2(fitted, selectRows(targets, shufflePassages(passages, source)), source),
  );
  return {
    figure: {
      value: r2(new Float64Array(passages.count).fill(1)),
      interval: passageInterval(passages, r2, random(seed, "map interval")),
      nullMean: mean(nulls),
      nullUpper: quantile(nulls, 0.975),
      identifiable,
    },
    lambdas,
    smallest: fitted.filter((fold, at) => lambdas[at] === fold.lambdas[0]).length,
    largest: fitted.filter((fold, at) => lambdas[at] === fold.lambdas.at(-1)).length,
  };
}

function mapFold(inputs: Matrix, { train, test }: { train: Int32Array; test: Int32Array }): MapFold {
  const x = selectRows(inputs, train);
  const columns = transpose(x);
  const dual = x.rows < x.cols;
  const { values, vectors } = symmetricEigen(dual ? multiplyTransposed(x, x) : multiplyTransposed(columns, columns));
  const k = values.filter((e) => e > 1e-14 * values[0]!).length;
  const kept = zeros(vectors.rows, k);
  for (let i = 0; i < kept.rows; i++) {
    kept.data.set(vectors.data.subarray(i * vectors.cols, i * vectors.cols + k), i * k);
  }
  const eigenvalues = values.slice(0, k);
  const inverseRoots = eigenvalues.map((e) => 1 / Math.sqrt(e));
  const left = dual ? kept : scaleColumns(multiply(x, kept), inverseRoots);
  const heldOut = multiply(selectRows(inputs, test), dual ? scaleColumns(multiply(columns, kept), inverseRoots) : kept);
  const heldOutColumns = transpose(heldOut);
  return {
    train,
    test,
    left,
    axes: transpose(left),
    eigenvalues,
    heldOut,
    heldOutColumns,
    heldOutGram: multiplyTransposed(heldOutColumns, heldOutColumns),
    lambdas: lambdaGrid(x),
  };
}

/** √e / (e + λ): with z the held-out coordinates and P = Uᵀ Y, the prediction is z diag(gains) P. */
function gains({ eigenvalues }: MapFold, lambda: number): Float64Array {
  return eigenvalues.map((e) => Math.sqrt(e) / (e + lambda));
}

/** The largest R² over whole decades of λ, for targets that were permuted. */
function permutedR2(folds: readonly MapFold[], targets: Matrix, source: Random): number {
  const projected =
    targets.cols <= nullDirections
      ? targets
      : multiply(targets, randomDirections(targets.cols, nullDirections, source));
  const decades = folds[0]!.lambdas.length >> 2;
  const errors = new Float64Array(decades + 1);
  let deviation = 0;
  for (const fold of folds) {
    const own = selectRows(projected, fold.train);
    const others = selectRows(projected, fold.test);
    const weights = multiply(fold.axes, own);
    const matched = multiply(fold.heldOutColumns, others);
    const k = fold.eigenvalues.length;
    const cross = Float64Array.from({ length: k }, (_, a) => dot(row(weights, a), row(matched, a)));
    const form = multiplyTransposed(weights, weights);
    for (let at = 0; at < form.data.length; at++) form.data[at]! *= fold.heldOutGram.data[at]!;
    const total = dot(others.data, others.data);
    const tried = fromRows(Array.from(errors, (_, l) => gains(fold, fold.lambdas[4 * l]!)));
    const squares = multiply(tried, form);
    for (let l = 0; l <= decades; l++) {
      errors[l]! += total - 2 * dot(row(tried, l), cross) + dot(row(tried, l), row(squares, l));
    }
    const centre = columnMeans(own);
    for (let i = 0; i < others.rows; i++) deviation += squaredDistance(row(others, i), centre);
  }
  return 1 - errors.reduce((least, error) => Math.min(least, error), Infinity) / deviation;
}

function squaredDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j]! - b[j]!) ** 2;
  return sum;
}
