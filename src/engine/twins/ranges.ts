import type { Interval, TwinRanges } from "../../protocol/report";
import type { TwinFamily } from "../analysis/twins/twin";
import type { Leaf } from "./leaves";
import type { MemberFigures } from "./twinFigures";
import { isSame, widest } from "./widest";

/** A member of the equivalence class with its figures. */
export interface Member extends MemberFigures {
  /** Null for the model itself. */
  readonly family: TwinFamily | null;
  /** Computed with all analyses and, if it is not too large, over the whole vocabulary. */
  readonly complete: boolean;
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
 * itself has the report's value. The thrifty twins count where the model itself has the same figure as when complete,
 * else the complete ones.
 *
 * @param count twins of each family that were asked for
 */
export function rangesOf(
  leaves: readonly Leaf[],
  members: readonly Member[],
  { count, wholeVocabulary }: { readonly count: number; readonly wholeVocabulary: boolean },
): FoundRanges {
  const itself = (complete: boolean) =>
    members.find((member) => member.family === null && member.complete === complete)?.values;
  const [complete, thrifty] = [itself(true), itself(false)];
  const ranges: Record<TwinFamily, Record<string, Interval>> = { changeOfBasis: {}, changeOfDimension: {} };
  const fewer: Record<string, number> = {};
  let untested = 0;
  for (const { path, key, values } of leaves) {
    const inThrifty = thrifty?.get(key);
    const reference = complete?.get(key) ?? inThrifty;
    if (reference === undefined) continue;
    const overAll = wholeVocabulary && complete?.has(key) === true;
    if (!isSame(reference, values, overAll ? badlyConditioned : singlePrecision)) {
      untested++;
      continue;
    }
    const usesThrifty = inThrifty !== undefined && isSame(reference, inThrifty, doublePrecision);
    for (const family of ["changeOfBasis", "changeOfDimension"] as const) {
      const twins = members.flatMap((member) => {
        const own = member.family === family && member.complete !== usesThrifty ? member.values.get(key) : undefined;
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
