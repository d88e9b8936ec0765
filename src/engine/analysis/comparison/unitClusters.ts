import type { Matrix } from "../../linalg/matrix";

/**
 * Average linkage (UPGMA) on distances [n, n]: clusters grow together as long as the mean distance between two is at
 * most `cut`. By chains of nearest neighbours (Murtagh, *A survey of recent advances in hierarchical clustering
 * algorithms*, 1983), n² steps; average linkage is reducible, so the order of the mergers does not change the tree.
 * @returns cluster of each item, numbered in the order of their first items
 */
export function averageLinkage(distances: Matrix, cut: number): Int32Array {
  const n = distances.rows;
  const between = distances.data.slice();
  const sizes = new Int32Array(n).fill(1);
  const active = new Set(Array.from({ length: n }, (_, i) => i));
  const parent = Int32Array.from({ length: n }, (_, i) => i);
  const chain: number[] = [];
  while (active.size > 1) {
    if (chain.length === 0) chain.push(first(active));
    const end = chain.at(-1)!;
    const previous = chain.at(-2);
    // The previous one wins a tie, or the chain would go round in circles.
    let nearest = previous ?? -1;
    let least = nearest < 0 ? Infinity : between[end * n + nearest]!;
    for (const other of active) {
      if (other !== end && between[end * n + other]! < least) [nearest, least] = [other, between[end * n + other]!];
    }
    if (nearest !== previous) {
      chain.push(nearest);
      continue;
    }
    chain.length -= 2;
    // What is not merged is done with: nothing comes nearer to it by mergers elsewhere.
    if (least <= cut) merge(Math.min(end, nearest), Math.max(end, nearest));
    else {
      active.delete(end);
      active.delete(nearest);
      chain.length = 0;
    }
  }
  return numbered(parent);

  function merge(into: number, from: number): void {
    active.delete(from);
    parent[from] = into;
    const [a, b] = [sizes[into]!, sizes[from]!];
    for (const other of active) {
      if (other === into) continue;
      const distance = (a * between[into * n + other]! + b * between[from * n + other]!) / (a + b);
      between[into * n + other] = between[other * n + into] = distance;
    }
    sizes[into] = a + b;
  }
}

function first(items: ReadonlySet<number>): number {
  for (const item of items) return item;
  return -1;
}

function numbered(parent: Int32Array): Int32Array {
  const numbers = new Map<number, number>();
  return parent.map((_, i) => {
    let root = i;
    while (parent[root]! !== root) root = parent[root]!;
    const known = numbers.get(root) ?? numbers.size;
    numbers.set(root, known);
    return known;
  });
}
