import { cholesky } from "../../linalg/decompositions";
import { leadingEigen } from "../../linalg/leadingEigen";
import { lowerInverse } from "../../linalg/lowerInverse";
import { columnMeans, multiply, multiplyTransposed, selectRows, subtractFromRows, transpose, zeros, type Matrix } from "../../linalg/matrix"; // prettier-ignore
import { random } from "../../linalg/random";
import { splitByFold, type Folds } from "../statistics/folds";
import { mean, quantile } from "../statistics/intervals";
import { passageInterval, shufflePassages, type Passages } from "./passages";
import type { Similarity } from "./similarity";

const draws = 100;

/** Canonical variates of contexts that the directions were not fitted on, [n, k] of each model. */
interface HeldOutVariates {
  readonly left: Matrix;
  readonly right: Matrix;
}

/**
 * Mean canonical correlation over k components, fitted on training passages and scored on the others: the variates are
 * the singular vectors of (S + λ)^-½ S_LR (S' + λ')^-½ with the training covariances S, shrunk by the λ of the two maps
 * (Vinod, *Canonical ridge and econometrics of joint production*, 1976). A component's correlation is over all held-out
 * contexts, each centred by the training mean of its fold. The interval is over passages, the null permutes the
 * held-out passages of one model, both for the directions that were found.
 *
 * @param left `contextCoordinates` of the models, [n, r] and [n, r']
 * @param penalties λ of each fold for the inputs `left` and `right`, on the scale of sums over training rows
 */
export function meanCanonicalCorrelation(
  left: Matrix,
  right: Matrix,
  passages: Passages,
  folds: Folds,
  {
    components,
    penalties,
    seed,
  }: { components: number; penalties: readonly [Float64Array, Float64Array]; seed: number },
): { figure: Similarity; components: number } {
  const splits = Array.from({ length: folds.count }, (_, fold) => splitByFold(passages.of, folds, fold));
  const smallest = splits.reduce((least, { train }) => Math.min(least, train.length - 1), Infinity);
  const k = Math.max(1, Math.min(components, left.cols, right.cols, smallest));
  const variates: HeldOutVariates = { left: zeros(left.rows, k), right: zeros(left.rows, k) };
  splits.forEach(({ train, test }, fold) => {
    const found = canonicalDirections(
      selectRows(left, train),
      selectRows(right, train),
      [penalties[0][fold]!, penalties[1][fold]!],
      k,
    );
    const project = (rows: Matrix, { means, directions }: Directions, out: Matrix) => {
      const own = multiply(subtractFromRows(selectRows(rows, test), means), directions);
      test.forEach((i, at) => out.data.set(own.data.subarray(at * k, (at + 1) * k), i * k));
    };
    project(left, found.left, variates.left);
    project(right, found.right, variates.right);
  });
  const source = random(seed, "canonical null");
  const nulls = Array.from({ length: draws }, () =>
    meanCorrelation({ left: variates.left, right: selectRows(variates.right, shufflePassages(passages, source)) }),
  );
  return {
    figure: {
      value: meanCorrelation(variates),
      interval: passageInterval(passages, weightedCorrelation(variates, passages), random(seed, "canonical interval")),
      nullMean: mean(nulls),
      nullUpper: quantile(nulls, 0.975),
      identifiable: "always",
    },
    components: k,
  };
}

interface Directions {
  readonly means: Float64Array;
  /** [r, k] */
  readonly directions: Matrix;
}

/** The k leading pairs, each of variance 1 in the training rows but for the shrinkage. */
export function canonicalDirections(
  left: Matrix,
  right: Matrix,
  penalties: readonly [number, number],
  k: number,
): { left: Directions; right: Directions } {
  const [meansL, meansR] = [columnMeans(left), columnMeans(right)];
  const columnsL = transpose(subtractFromRows(left, meansL));
  const columnsR = transpose(subtractFromRows(right, meansR));
  const [inverseL, inverseR] = [inverseRoot(columnsL, penalties[0]), inverseRoot(columnsR, penalties[1])];
  // M = R⁻¹ S_LR R'⁻ᵀ with S + λ = R Rᵀ, whose singular vectors are the variates in the coordinates R⁻¹ x.
  const across = multiplyTransposed(multiply(inverseL, multiplyTransposed(columnsL, columnsR)), inverseR);
  const wide = across.rows <= across.cols;
  const short = wide ? across : transpose(across);
  const { vectors } = leadingEigen(multiplyTransposed(short, short), k);
  const partner = unitColumns(multiply(transpose(short), vectors));
  const [leftAxes, rightAxes] = wide ? [vectors, partner] : [partner, vectors];
  return {
    left: { means: meansL, directions: multiply(transpose(inverseL), leftAxes) },
    right: { means: meansR, directions: multiply(transpose(inverseR), rightAxes) },
  };
}

/** R⁻¹ with X Xᵀ + λ = R Rᵀ, R lower triangular. */
function inverseRoot(columns: Matrix, penalty: number): Matrix {
  const gram = multiplyTransposed(columns, columns);
  for (let i = 0; i < gram.rows; i++) gram.data[i * gram.cols + i]! += penalty;
  return lowerInverse(cholesky(gram));
}

function unitColumns(a: Matrix): Matrix {
  const out = transpose(a);
  for (let j = 0; j < out.rows; j++) {
    const own = out.data.subarray(j * out.cols, (j + 1) * out.cols);
    const length = Math.hypot(...own);
    if (length > 0) for (let i = 0; i < own.length; i++) own[i]! /= length;
  }
  return transpose(out);
}

/** Σ z z' / √(Σ z² Σ z'²) of each column, averaged; a column without length counts 0. */
function meanCorrelation({ left, right }: HeldOutVariates): number {
  return averageOf(columnProducts(left, right), columnProducts(left, left), columnProducts(right, right));
}

function averageOf(cross: Float64Array, own: Float64Array, other: Float64Array): number {
  return mean(cross.map((sum, j) => (own[j]! > 0 && other[j]! > 0 ? sum / Math.sqrt(own[j]! * other[j]!) : 0)));
}

function columnProducts(a: Matrix, b: Matrix): Float64Array {
  const sums = new Float64Array(a.cols);
  for (let i = 0, at = 0; i < a.rows; i++) {
    for (let j = 0; j < a.cols; j++, at++) sums[j]! += a.data[at]! * b.data[at]!;
  }
  return sums;
}

function weightedCorrelation({ left, right }: HeldOutVariates, { contexts }: Passages) {
  const parts = contexts.map((own) => {
    const [a, b] = [selectRows(left, own), selectRows(right, own)];
    return [columnProducts(a, b), columnProducts(a, a), columnProducts(b, b)] as const;
  });
  const k = left.cols;
  return (w: Int32Array) => {
    const sums = [new Float64Array(k), new Float64Array(k), new Float64Array(k)] as const;
    parts.forEach((part, p) => {
      const times = w[p]!;
      if (times === 0) return;
      for (const s of [0, 1, 2] as const) for (let j = 0; j < k; j++) sums[s][j]! += times * part[s][j]!;
    });
    return averageOf(...sums);
  };
}
