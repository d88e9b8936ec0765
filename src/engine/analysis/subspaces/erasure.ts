import { multiply, row, transpose, zeros, type Matrix } from "../../linalg/matrix";
import { orthonormalRows } from "../../linalg/orthonormal";
import { random } from "../../linalg/random";
import { fitRelationalMap } from "../linearity/relationalMap";
import { rowSpace, scaleColumns, type RowSpace } from "../geometry/rowSpace";
import { relationalSubspace } from "./subspaces";

/** P = write · readᵀ on hidden states: what of a state lies in a subspace, without a d×d matrix. */
export interface ErasingProjection {
  /** Σ^-½ U, [d, rank]. */
  readonly read: Matrix;
  /** Σ^½ U, [d, rank]. */
  readonly write: Matrix;
}

export interface Erasure {
  readonly rank: number;
  readonly relation: ErasingProjection;
  /** Onto random subspaces of the same rank among the directions in which the states vary. */
  readonly random: readonly ErasingProjection[];
}

/**
 * What to remove from hidden states so that the least-squares map G_Y A finds nothing of the answers in them: with Σ
 * the Ledoit–Wolf covariance of the states and U the leading right singular vectors of G_Y A Σ^½, the oblique
 * projection P = Σ^½ U Uᵀ Σ^-½ (LEACE, arXiv 2306.03819, for the directions of the map in place of those of the
 * cross-covariance).
 *
 * @param states h_l of the subjects, [n, d]
 * @param answerLogits [n, |Y|]
 * @returns null for a map that does not tell answers apart
 */
export function erasure(
  states: Matrix,
  answerLogits: Matrix,
  { rank, randomDraws, seed, stream }: { rank: number; randomDraws: number; seed: number; stream: string },
): Erasure | null {
  const space = rowSpace(states, { standardise: true });
  const { coordinates } = space;
  if (coordinates.cols === 0) return null;
  const subspace = transpose(relationalSubspace(fitRelationalMap(coordinates, answerLogits).map, rank));
  if (subspace.rows === 0) return null;
  const draws = random(seed, `erasure ${stream}`);
  return {
    rank: subspace.rows,
    relation: projection(space, subspace),
    random: Array.from({ length: randomDraws }, () => {
      const gaussian = zeros(subspace.rows, coordinates.cols);
      for (let k = 0; k < gaussian.data.length; k++) gaussian.data[k] = draws.normal();
      return projection(space, orthonormalRows(gaussian));
    }),
  };
}

/** @param axes Uᵀ in the coordinates of the space, [rank, k] */
function projection(space: RowSpace, axes: Matrix): ErasingProjection {
  return {
    read: transpose(multiply(scaleColumns(axes, space.factors), space.axes)),
    write: transpose(space.lift(axes)),
  };
}

/**
 * −P (h − μ) for every row h, [n, d]: what is added to a state to remove the subspace around the mean.
 * @param mean [d]
 */
export function erasingVectors(states: Matrix, mean: ArrayLike<number>, { read, write }: ErasingProjection): Matrix {
  const rank = read.cols;
  const out = zeros(states.rows, states.cols);
  const inside = new Float64Array(rank);
  for (let i = 0; i < states.rows; i++) {
    inside.fill(0);
    const state = row(states, i);
    for (let j = 0; j < state.length; j++) {
      const x = state[j]! - mean[j]!;
      for (let k = 0; k < rank; k++) inside[k]! -= x * read.data[j * rank + k]!;
    }
    const target = row(out, i);
    for (let j = 0; j < target.length; j++) {
      for (let k = 0; k < rank; k++) target[j]! += inside[k]! * write.data[j * rank + k]!;
    }
  }
  return out;
}
