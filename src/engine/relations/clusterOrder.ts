import { averageLinkage } from "../analysis/relations/averageLinkage";
import type { NullableMatrix, SubspaceFigures, DirectionFigures } from "./relationFigures";

/**
 * Places of the relations by average linkage on 1 − overlap of their subspaces; where fewer than half have one, on
 * 1 − |cosine| of their directions. Relations without either come last.
 */
export function clusterOrder(subspaces: SubspaceFigures, directions: DirectionFigures): number[] {
  const n = subspaces.overlap.length;
  const enough = (matrix: NullableMatrix) => 2 * present(matrix).length >= n && present(matrix).length > 1;
  const causal = directions.directions.causal;
  const matrix = [subspaces.overlap, causal].find((one) => one !== null && enough(one)) ?? null;
  if (matrix === null) return Array.from({ length: n }, (_, i) => i);
  const places = present(matrix);
  const { order } = averageLinkage(
    places.map((i) => places.map((j) => (i === j ? 0 : 1 - Math.abs(matrix[i]?.[j] ?? 0)))),
  );
  const others = matrix.flatMap((_, i) => (places.includes(i) ? [] : [i]));
  return [...order.flatMap((k) => places[k] ?? []), ...others];
}

/** Relations that have a value beside themselves. */
function present(matrix: NullableMatrix): number[] {
  return matrix.flatMap((row, i) => (row[i] == null ? [] : [i]));
}
