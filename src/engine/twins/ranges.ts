import type { Interval, TwinRanges } from "../../protocol/report";
import type { TwinFamily } from "../analysis/twin";
import type { Leaf } from "./leaves";
import type { MemberFigures } from "./twinFigures";
import { isSame, widest } from "./widest";

/** A member of the equivalence class with its figures. */
export interface Member extends MemberFigures {
  /** Null for the model itself. */
  readonly family: TwinFamily | null;
  /** Computed over the whole vocabulary. */
  readonly whole: boolean;
}

/** Up to this relative difference, a figure over a part of the vocabulary is the report's, up to its float32. */
export const singlePrecision = 1e-4;

/** The same over the whole vocabulary, where nothing but float32 can differ: some figures are badly conditioned. */
const badlyConditioned = 1e-2;

/** Relative difference that is rounding in float64. */
const doublePrecision = 1e-9;

export interface FoundRanges extends Pick<TwinRanges, "fewer" | "changeOfBasis" | "changeOfDimension"> {
  /** Figures that the model itself, as the twins see it, has otherwise than the report. */
  readonly untested: number;
}

/**
 * The range of every figure of the report over the members that have it. A figure is the same one where the model
 * itself has the report's value. Twins that know a part of the vocabulary count where the model itself has the same
 * figure over that part, else those that know the whole.
 *
 * @param count twins of each family that were asked for
 */
export function rangesOf(leaves: readonly Leaf[], members: readonly Member[], count: number): FoundRanges {
  const itself = (whole: boolean) => members.find((member) => member.family === null && member.whole === whole);
  const [over, part] = [itself(true), itself(false)];
  const ranges: Record<TwinFamily, Record<string, Interval>> = { changeOfBasis: {}, changeOfDimension: {} };
  const fewer: Record<string, number> = {};
  let untested = 0;
  for (const { path, key, values } of leaves) {
    const inPart = part?.values.get(key);
    const reference = over?.values.get(key) ?? inPart;
    if (reference === undefined) continue;
    if (!isSame(reference, values, over?.values.has(key) === true ? badlyConditioned : singlePrecision)) {
      untested++;
      continue;
    }
    const usesPart = inPart !== undefined && isSame(reference, inPart, doublePrecision);
    for (const family of ["changeOfBasis", "changeOfDimension"] as const) {
      const twins = members.flatMap((member) => {
        const own = member.family === family && member.whole !== usesPart ? member.values.get(key) : undefined;
        return own === undefined ? [] : [own];
      });
      const range = widest([reference, ...twins]);
      if (range === null || twins.length === 0) continue;
      ranges[family][path] = range;
      if (twins.length < count) fewer[path] = twins.length;
    }
  }
  return { untested, fewer, ...ranges };
}
