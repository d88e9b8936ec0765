export interface TokenNumbering {
  /** The number that a token has among the twins; a permutation of 0 … size − 1. */
  readonly renumber: (id: number) => number;
}

/**
 * Tokens that are kept come first, in their old order, so that ties are broken alike; the others follow.
 * @param kept ascending; null leaves every number as it is
 */
export function tokenNumbering(kept: readonly number[] | null, size: number): TokenNumbering {
  if (kept === null) return { renumber: (id) => id };
  const numbers = new Int32Array(size).fill(-1);
  kept.forEach((id, k) => (numbers[id] = k));
  let next = kept.length;
  numbers.forEach((number, id) => {
    if (number < 0) numbers[id] = next++;
  });
  return { renumber: (id) => numbers[id] ?? id };
}
