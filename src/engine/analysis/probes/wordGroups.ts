/** Words of pairs, each once as a first word (form 0) and once as a second (form 1), in the order of the pairs. */
export interface WordGroups {
  readonly pairs: number;
  readonly words: readonly string[];
  /** 0 or 1, of each word. */
  readonly forms: Int32Array;
  /** Group of each word: pairs that share a word, directly or through others, are one group; 0 … count − 1. */
  readonly groups: Int32Array;
  readonly count: number;
}

/**
 * Groups of pairs that have no word in common, so that no word of one group tells of another: the connected components
 * of the graph whose edges are the pairs. A word that is the first of one pair and the second of another has two rows,
 * both in one group.
 */
export function wordGroups(pairs: readonly { readonly from: string; readonly to: string }[]): WordGroups {
  const parents = new Map<string, string>();
  const rootOf = (word: string): string => {
    let root = word;
    for (let next = parents.get(root); next !== undefined; next = parents.get(root)) root = next;
    return root;
  };
  for (const { from, to } of pairs) {
    const [one, other] = [rootOf(from), rootOf(to)];
    if (one !== other) parents.set(other, one);
  }

  const numbers = new Map<string, number>();
  const numberOf = (root: string) => {
    const number = numbers.get(root) ?? numbers.size;
    numbers.set(root, number);
    return number;
  };
  const seen = [new Set<string>(), new Set<string>()] as const;
  const rows = pairs
    .flatMap(({ from, to }) => [{ word: from, form: 0 } as const, { word: to, form: 1 } as const])
    .filter(({ word, form }) => !seen[form].has(word) && seen[form].add(word))
    .map((row) => ({ ...row, group: numberOf(rootOf(row.word)) }));
  return {
    pairs: pairs.length,
    words: rows.map(({ word }) => word),
    forms: Int32Array.from(rows, ({ form }) => form),
    groups: Int32Array.from(rows, ({ group }) => group),
    count: numbers.size,
  };
}
