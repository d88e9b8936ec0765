import type { Interval } from "../../protocol/report";

/** Differences of figures that are this small are rounding, whatever the figure's size. */
const smallest = 1e-9;

/** [smallest, largest] of the entry that moves most over arrays of equal length; null where none has one in all. */
export function widest(arrays: readonly Float64Array[]): Interval | null {
  const [first] = arrays;
  if (first === undefined || arrays.some(({ length }) => length !== first.length)) return null;
  let range: Interval | null = null;
  for (let k = 0; k < first.length; k++) {
    let [low, high] = [Infinity, -Infinity];
    let complete = true;
    for (const values of arrays) {
      const x = values[k] ?? NaN;
      complete &&= Number.isFinite(x);
      if (x < low) low = x;
      if (x > high) high = x;
    }
    if (complete && (range === null || high - low > range[1] - range[0])) range = [low, high];
  }
  return range;
}

/** Do all entries agree, relative to the largest? */
export function isSame(a: Float64Array, b: Float64Array, tolerance: number): boolean {
  if (a.length !== b.length) return false;
  let scale = 0;
  for (const x of a) if (Math.abs(x) > scale) scale = Math.abs(x);
  return a.every((x, k) => Object.is(x, b[k]) || Math.abs(x - (b[k] ?? NaN)) <= tolerance * scale + smallest);
}
