/**
 * Order of rows that puts similar ones side by side: average-linkage clustering on 1 − cosine
 * (nearest-neighbour chains, O(k²) steps), leaves turned so that touching ends of merged clusters
 * are alike. A permutation of 0 … k − 1; the same input gives the same order.
 */
export function clusterOrder(matrix: readonly (readonly number[])[]): number[] {
  const k = matrix.length;
  if (k < 3) return matrix.map((_, i) => i);
  const entry = (i: number, j: number) => {
    const value = matrix[i]?.[j];
    return value === undefined || Number.isNaN(value) ? 0 : value;
  };
  // Chains of nearest neighbours end only where distances are symmetric to the last digit.
  const similarity = (i: number, j: number) =>
    (entry(Math.min(i, j), Math.max(i, j)) + entry(Math.max(i, j), Math.min(i, j))) / 2;
  const distances = matrix.map((_, i) => matrix.map((__, j) => 1 - similarity(i, j)));
  const clusters = new Map<number, readonly number[]>(matrix.map((_, i) => [i, [i]]));
  const distance = (a: number, b: number) => distances[a]?.[b] ?? 1;
  const chain: number[] = [];

  while (clusters.size > 1) {
    const last = chain.at(-1) ?? firstKey(clusters);
    if (chain.length === 0) chain.push(last);
    const previous = chain.at(-2);
    const nearest = nearestTo(last, clusters, distance, previous);
    if (nearest !== previous) {
      chain.push(nearest);
      continue;
    }
    chain.length -= 2;
    merge(Math.min(last, nearest), Math.max(last, nearest));
  }
  return [...(clusters.values().next().value ?? [])];

  /** Lance–Williams update of average linkage; the merged cluster keeps the lower number. */
  function merge(kept: number, gone: number): void {
    const left = clusters.get(kept) ?? [];
    const right = clusters.get(gone) ?? [];
    clusters.delete(gone);
    const weight = left.length / (left.length + right.length);
    for (const other of clusters.keys()) {
      const mean = weight * distance(kept, other) + (1 - weight) * distance(gone, other);
      set(kept, other, mean);
      set(other, kept, mean);
    }
    clusters.set(kept, join(left, right, similarity));
  }

  function set(i: number, j: number, value: number): void {
    const row = distances[i];
    if (row) row[j] = value;
  }
}

function firstKey(clusters: ReadonlyMap<number, unknown>): number {
  return clusters.keys().next().value ?? 0;
}

/** Ties go to the previous element of the chain (which ends it), then to the lowest number. */
function nearestTo(
  from: number,
  clusters: ReadonlyMap<number, unknown>,
  distance: (a: number, b: number) => number,
  previous: number | undefined,
): number {
  let best = previous ?? -1;
  let least = previous === undefined ? Infinity : distance(from, previous);
  for (const other of clusters.keys()) {
    if (other === from) continue;
    const d = distance(from, other);
    if (d < least) {
      least = d;
      best = other;
    }
  }
  return best;
}

/** Of the four ways to lay two runs end to end, the one whose touching leaves are most alike. */
function join(
  left: readonly number[],
  right: readonly number[],
  similarity: (i: number, j: number) => number,
): readonly number[] {
  const ends = (run: readonly number[]) => [run[0] ?? 0, run.at(-1) ?? 0] as const;
  const [l0, l1] = ends(left);
  const [r0, r1] = ends(right);
  const ways = [
    { touch: similarity(l1, r0), flipLeft: false, flipRight: false },
    { touch: similarity(l1, r1), flipLeft: false, flipRight: true },
    { touch: similarity(l0, r0), flipLeft: true, flipRight: false },
    { touch: similarity(l0, r1), flipLeft: true, flipRight: true },
  ];
  const best = ways.reduce((a, b) => (b.touch > a.touch ? b : a));
  return [...(best.flipLeft ? left.toReversed() : left), ...(best.flipRight ? right.toReversed() : right)];
}
