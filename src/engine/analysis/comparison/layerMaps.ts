import type { Matrix } from "../../linalg/matrix";
import type { SubjectScores } from "../subspaces/relationalSubspaces";

/** Entry [i][j]: layer i of the left model against layer j of the right; null where a layer has no value. */
export interface LayerComparison {
  readonly matrix: (number | null)[][];
  /** Mean of the same with the contexts, or answers, permuted. */
  readonly nullMatrix: (number | null)[][];
}

/** @param left rows of every layer over the same contexts, each [n, d of that layer] */
export function layerCkaMap(left: readonly Matrix[], right: readonly Matrix[], passageOf: Int32Array): LayerComparison {
  throw new Error(`not yet ${left.length} ${right.length} ${passageOf.length}`);
}

/**
 * @param left `scores` of `relationalSubspaces` for every layer; null where a layer has no subspace. The same subjects,
 *   stream, seed and draws in both models, so that answers were permuted alike.
 */
export function layerOverlapMap(
  left: readonly (SubjectScores | null)[],
  right: readonly (SubjectScores | null)[],
): LayerComparison {
  throw new Error(`not yet ${left.length} ${right.length}`);
}
