/** Every cell of a square by the names of its row and column, row by row. */
export function pairsOf(names: readonly string[]) {
  return names.flatMap((left, i) => names.map((right, j) => ({ left, right, i, j })));
}
