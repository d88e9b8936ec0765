import { contextKey } from "./recordingModel";
import type { TwinStudyData } from "./twinStudyData";
import { unrecorded } from "./unrecorded";

/** Row of f of the context that ends before position `end` of these tokens. @throws Error if it was not recorded */
export type RowOf = (ids: readonly number[], end: number) => number;

const known = new WeakMap<TwinStudyData["contexts"], RowOf>();

/** What is found is kept: all twins of a study ask for the same contexts, by the same lists of tokens. */
export function contextRows({ contexts }: TwinStudyData): RowOf {
  const earlier = known.get(contexts);
  if (earlier !== undefined) return earlier;
  const places = new Map(contexts.map((key, i) => [key, i]));
  const found = new WeakMap<readonly number[], Map<number, number>>();
  const rowOf: RowOf = (ids, end) => {
    const own = found.get(ids) ?? new Map<number, number>();
    found.set(ids, own);
    const row = own.get(end) ?? rowNamed(places, contextKey(ids, end));
    own.set(end, row);
    return row;
  };
  known.set(contexts, rowOf);
  return rowOf;
}

function rowNamed(places: ReadonlyMap<string, number>, key: string): number {
  return places.get(key) ?? unrecorded(`the context ${key}`);
}
