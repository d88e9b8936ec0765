import { leadingEigen } from "../../linalg/leadingEigen";
import {
  columnMeans,
  multiply,
  multiplyTransposed,
  row,
  selectRows,
  subtractFromRows,
  transpose,
  zeros,
  type Matrix,
} from "../../linalg/matrix";
import { random } from "../../linalg/random";
import { linearity } from "../linearity/linearity";
import { centreRows } from "../linearity/predictionScores";
import { relationalMapFitterIn } from "../linearity/relationalMap";
import { rowSpace, scaleColumns, type RowSpace } from "../geometry/rowSpace";
import { alignSubspaces, relationalSubspaceOf, type SubspaceAlignment } from "./subspaces";

/** The rows that one relational map is fitted on. */
export interface SubspaceRows {
  /** [n, r]: Cᵀf after the subject, or h_l at the subject's last token. */
  readonly inputs: Matrix;
  /** Logits over this map's own answers, [n, |Y|]. */
  readonly answerLogits: Matrix;
  /** Of section 5; null where the map predicts nothing; absent: found here. */
  readonly rank?: number | null;
  /** Names the draws of the permutations: maps of the same stream and n are permuted alike. */
  readonly stream: string;
}

export interface SubspacesOptions {
  readonly seed: number;
  /** Permutations of the answers; 0 leaves the expectations NaN. */
  readonly draws: number;
  /**
   * `given`: the coordinates have a metric. `pooled`: h_l, which are standardised by one Ledoit–Wolf covariance of all
   * rows around their own means, so that the subspaces of several maps lie in the same coordinates.
   */
  readonly metric: "given" | "pooled";
}

/**
 * What a map says about subjects that it was not fitted on, without reference to the coordinates of its inputs: an
 * orthonormal basis [n, k] of the leading left singular vectors of the left-out predictions [n, |Y|].
 */
export interface SubjectScores {
  readonly basis: Matrix;
  readonly permuted: readonly Matrix[];
}

export interface RelationalSubspaces {
  /** Of each map, after cutting; null where it has no subspace. */
  readonly ranks: readonly (number | null)[];
  /** One per pair asked for; null where a map has no subspace, or permuted answers never one of its rank. */
  readonly alignments: readonly (SubspaceAlignment | null)[];
  /** Of the first map. */
  readonly scores: SubjectScores | null;
}

/**
 * Relational subspaces of several maps in one space, and how far those of each pair agree (linear-properties
 * section 7). The expectation is that of fits whose answers are permuted, independently where the streams differ, at
 * the rank and the λ of the real fit: chosen anew, permuted answers take the largest λ of the grid, all such maps lean
 * on the inputs' leading axes, and their overlap is far above that of unrelated maps that do fit.
 *
 * @throws RangeError when the inputs differ in width
 */
export function relationalSubspaces(
  maps: readonly SubspaceRows[],
  pairs: readonly (readonly [number, number])[],
  { seed, draws, metric }: SubspacesOptions,
): RelationalSubspaces {
  const inputs = metric === "pooled" ? poolMetric(maps.map((map) => map.inputs)) : maps.map((map) => map.inputs);
  // Permuted fits serve the pairs; scores have permutations of their own.
  const fitted = maps.map((map, i) => fitSubspace(map, inputs[i]!, seed, pairs.length > 0 ? draws : 0));
  const first = fitted[0];
  return {
    ranks: fitted.map((fit) => fit?.subspace.cols ?? null),
    alignments: pairs.map(([i, j]) => {
      const [left, right] = [fitted[i], fitted[j]];
      return left && right ? align(left, right) : null;
    }),
    scores: first ? subjectScores(maps[0]!, first, { seed, draws }) : null,
  };
}

/** Two of a list, by position. */
export interface PairAlignment {
  readonly left: number;
  readonly right: number;
  readonly alignment: SubspaceAlignment;
}

/**
 * Angles between what two layers say about the same subjects: canonical correlations of the left-out predictions at
 * the two ranks, which no rotation of either layer's basis moves. The maps' own scores of the subjects that they were
 * fitted on would agree wherever n < d, since both fits reach the same answers. Maps with like inputs that learn the
 * same answers predict alike whatever the answers are; so the expectation permutes the answers alike in both.
 *
 * @param scores of maps that were permuted alike
 * @returns every pair once; pairs whose permuted fits all have other ranks are left out
 */
export function alignAllScores(scores: readonly SubjectScores[]): PairAlignment[] {
  const fits = scores.map(({ basis, permuted }) => ({ subspace: basis, permuted }));
  return fits.flatMap((b, right) =>
    fits.slice(0, right).flatMap((a, left): PairAlignment[] => {
      const alignment = align(a, b);
      return alignment === null ? [] : [{ left, right, alignment }];
    }),
  );
}

interface AlignableSubspace {
  /** [r, k] */
  readonly subspace: Matrix;
  readonly permuted: readonly Matrix[];
}

interface FittedSubspace extends AlignableSubspace {
  readonly lambda: number;
  /** Of the inputs. */
  readonly space: RowSpace;
}

/** Null where permuted fits never reach the ranks of the real ones, so that there is no comparison. */
function align(left: AlignableSubspace, right: AlignableSubspace): SubspaceAlignment | null {
  const draws = Math.min(left.permuted.length, right.permuted.length);
  const permuted = left.permuted.slice(0, draws).map((matrix, draw) => [matrix, right.permuted[draw]!] as const);
  const same = permuted.filter(([a, b]) => a.cols === left.subspace.cols && b.cols === right.subspace.cols);
  if (permuted.length > 0 && same.length === 0) return null;
  return alignSubspaces(left.subspace, right.subspace, same);
}

function fitSubspace(map: SubspaceRows, inputs: Matrix, seed: number, draws: number): FittedSubspace | null {
  const { answerLogits, stream } = map;
  const rank = map.rank === undefined ? heldOutRank(inputs, answerLogits, seed) : map.rank;
  if (rank === null) return null;
  // A fit in the rows' own axes is the same fit at a fraction of the cost where the inputs are wider.
  const space = rowSpace(inputs, { standardise: false });
  if (space.axes.rows === 0) return null;
  const axes = transpose(space.axes);
  const { coefficients, lambda } = relationalMapFitterIn(space)(answerLogits);
  const subspaceOf = (own: Matrix) => multiply(axes, relationalSubspaceOf(own, rank));
  const subspace = subspaceOf(transpose(coefficients));
  if (subspace.cols === 0) return null;
  const source = random(seed, `subspaces ${stream}`);
  // The inputs are centred, so that the mean of the answers does not matter.
  const targets = centreRows(answerLogits);
  const fitted = transpose(predictionAxes(space, lambda));
  const permuted = Array.from({ length: draws }, () =>
    subspaceOf(multiply(fitted, selectRows(targets, source.permutation(inputs.rows)))),
  );
  return { subspace, permuted, lambda, space };
}

/** Z diag(1/(e + λ)), [n, k]: the transpose, times targets, is the ridge map in the row space. */
function predictionAxes({ coordinates, eigenvalues }: RowSpace, lambda: number): Matrix {
  return scaleColumns(
    coordinates,
    eigenvalues.map((e) => 1 / (e + lambda)),
  );
}

function heldOutRank(inputs: Matrix, answerLogits: Matrix, seed: number): number | null {
  const { fits } = linearity([{ inputs, answerLogits, inputAnswerLogits: null, vocabulary: null }], {
    seed,
    where: "subspaces",
    standardise: false,
    shuffles: 0,
  });
  return fits.find(({ estimator }) => estimator === "leastSquares")?.rank ?? null;
}

/**
 * Ridge at a given λ leaves row i out in closed form: ŷ_(−i) = y_i − ((I − H) Y)_i / (1 − H_ii), with
 * H = 1/n + U diag(e/(e + λ)) Uᵀ. From it the mean of the other rows is taken: it moves against y_i, so that two maps
 * without any content would agree through it.
 */
function subjectScores(
  { answerLogits, stream }: SubspaceRows,
  { subspace, lambda, space: { left, eigenvalues } }: FittedSubspace,
  { seed, draws }: Pick<SubspacesOptions, "seed" | "draws">,
): SubjectScores {
  const n = left.rows;
  const shrunk = scaleColumns(
    left,
    eigenvalues.map((e) => e / (e + lambda)),
  );
  const leftOut = multiplyTransposed(shrunk, left);
  for (let i = 0; i < n; i++) {
    const entries = row(leftOut, i);
    for (let j = 0; j < n; j++) entries[j]! += 1 / n;
    const own = entries[i]!;
    for (let j = 0; j < n; j++) entries[j] = j === i ? 0 : entries[j]! / (1 - own) - 1 / (n - 1);
  }
  const centred = subtractFromRows(leftOut, columnMeans(leftOut));
  const targets = centreRows(answerLogits);
  const basisOf = (rows: Matrix): Matrix => {
    const predictions = multiply(centred, rows);
    return leadingEigen(multiplyTransposed(predictions, predictions), Math.min(subspace.cols, n - 1)).vectors;
  };
  const source = random(seed, `subspaces ${stream}`);
  return {
    basis: basisOf(targets),
    permuted: Array.from({ length: draws }, () => basisOf(selectRows(targets, source.permutation(n)))),
  };
}

/** Rows in the principal axes of all of them, standardised by their pooled within-part covariance. */
function poolMetric(parts: readonly Matrix[]): Matrix[] {
  const cols = parts[0]!.cols;
  const all = zeros(
    parts.reduce((rows, part) => rows + part.rows, 0),
    cols,
  );
  const strata = new Int32Array(all.rows);
  let start = 0;
  const starts = parts.map((part, p) => {
    if (part.cols !== cols) throw new RangeError(`rows of ${part.cols} and of ${cols} columns`);
    all.data.set(part.data, start * cols);
    strata.fill(p, start, start + part.rows);
    start += part.rows;
    return start - part.rows;
  });
  const { coordinates } = rowSpace(all, { standardise: true, strata });
  return parts.map((part, p) => ({
    rows: part.rows,
    cols: coordinates.cols,
    data: coordinates.data.slice(starts[p]! * coordinates.cols, (starts[p]! + part.rows) * coordinates.cols),
  }));
}
