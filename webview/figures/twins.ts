import type { Interval, PropertyRow, TwinRanges } from "../../src/protocol/report";
import { figure } from "../format";
import { strings } from "../strings";

/** A figure over exact twins of the model, of both families; null where a family does not have it. */
export interface TwinRange {
  readonly basis: Interval | null;
  readonly dimension: Interval | null;
}

export function twinRange(row: PropertyRow, twins: TwinRanges | null | undefined): TwinRange | null {
  if (!twins || row.path === null) return null;
  const basis = twins.changeOfBasis[row.path] ?? null;
  const dimension = twins.changeOfDimension[row.path] ?? null;
  return basis || dimension ? { basis, dimension } : null;
}

/** Over both families: what is drawn. */
export function hull({ basis, dimension }: TwinRange): Interval {
  const ends = [basis, dimension].flatMap((range) => range ?? []);
  return [Math.min(...ends), Math.max(...ends)];
}

/** The range in words, under the report's own verdict on whether the figure is identifiable. */
export function rangeWords(row: PropertyRow, range: TwinRange): string {
  const words = (of: Interval | null, say: (low: string, high: string) => string) =>
    of === null ? "" : say(figure(of[0]), figure(of[1]));
  switch (row.identifiable) {
    case "always":
      return strings.unchanged;
    case "underDiversity":
      return words(range.dimension, strings.moves);
    case "never":
      return words(range.basis ?? range.dimension, strings.moves);
    case null:
      return words(hull(range), strings.moves);
  }
}
