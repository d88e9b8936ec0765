import type { Interval, PropertyRow, TwinRanges } from "../../protocol/report";

/** A figure over exact twins of the model, of both families; null where a family does not have it. */
export interface TwinRange {
  readonly basis: Interval | null;
  readonly dimension: Interval | null;
}

/**
 * Of a figure that is one of many at its path, or made of them, the twin test has the range of whichever moves most:
 * that is the row's own only where it holds the row's value, and stands still where none moves.
 */
export function twinRange(row: PropertyRow, twins: TwinRanges | null | undefined): TwinRange | null {
  const { path, value, identifiable } = row;
  if (!twins || path === null) return null;
  const basis = twins.changeOfBasis[path] ?? null;
  const dimension = twins.changeOfDimension[path] ?? null;
  if (!basis && !dimension) return null;
  const range = { basis, dimension };
  if (value === null || holds(hull(range), value)) return range;
  return identifiable === "always" ? { basis: [value, value], dimension: [value, value] } : null;
}

/** Up to rounding: the report's own figures are those of float32. */
function holds([low, high]: Interval, value: number): boolean {
  const rounding = 1e-6 * Math.max(1, Math.abs(value));
  return low - rounding <= value && value <= high + rounding;
}

/** Over both families: what is drawn. */
export function hull({ basis, dimension }: TwinRange): Interval {
  const ends = [basis, dimension].flatMap((range) => range ?? []);
  return [Math.min(...ends), Math.max(...ends)];
}
