export interface Merge {
  /** Members of the two clusters that are joined. */
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** Mean distance between a member of one and a member of the other. */
  readonly height: number;
}

export interface Linkage {
  readonly merges: readonly Merge[];
  /** The leaves, so that every cluster is a stretch of them. */
  readonly order: readonly number[];
}

/**
 * Average linkage (UPGMA; Sokal and Michener 1958): the two clusters with the smallest mean distance are joined until
 * one is left. Ties go to the clusters that come first. In the order, two clusters are laid side by side with their
 * closest ends together.
 *
 * @param distances [n][n], symmetric
 */
export function averageLinkage(distances: readonly (readonly number[])[]): Linkage {
  const between = (a: readonly number[], b: readonly number[]) => {
    let sum = 0;
    for (const i of a) for (const j of b) sum += distances[i]![j]!;
    return sum / (a.length * b.length);
  };
  let clusters: (readonly number[])[] = distances.map((_, i) => [i]);
  const merges: Merge[] = [];
  while (clusters.length > 1) {
    let [left, right, height] = [0, 1, Infinity];
    clusters.forEach((b, j) => {
      clusters.slice(0, j).forEach((a, i) => {
        const distance = between(a, b);
        if (distance < height) [left, right, height] = [i, j, distance];
      });
    });
    const [a, b] = [clusters[left]!, clusters[right]!];
    merges.push({ left: a, right: b, height });
    const joined = sideBySide(a, b, distances);
    clusters = clusters.flatMap((cluster, k) => (k === left ? [joined] : k === right ? [] : [cluster]));
  }
  return { merges, order: clusters[0] ?? [] };
}

function sideBySide(a: readonly number[], b: readonly number[], distances: readonly (readonly number[])[]): number[] {
  const ways = [
    [...a, ...b],
    [...a, ...b.toReversed()],
    [...a.toReversed(), ...b],
    [...a.toReversed(), ...b.toReversed()],
  ];
  const gap = (order: readonly number[]) => distances[order[a.length - 1]!]![order[a.length]!]!;
  return ways.reduce((best, way) => (gap(way) < gap(best) ? way : best));
}
