import { hull, type TwinRange } from "../../src/formats/exports/twinRange";
import type { Interval, PropertyRow } from "../../src/protocol/report";
import { figure } from "../format";
import { strings } from "../strings";

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
