import type { LayerMap } from "../../src/protocol/report";

/** Whether an entry is no more than chance gives: up to the 95% quantile of the null, or its mean where there is none. */
export function withinNull(
  { matrix, nullMatrix, nullUpper }: Pick<LayerMap, "matrix" | "nullMatrix" | "nullUpper">,
  row: number,
  column: number,
): boolean {
  const value = matrix[row]?.[column] ?? null;
  const bound = (nullUpper ?? nullMatrix)?.[row]?.[column] ?? null;
  return value !== null && bound !== null && value <= bound;
}
