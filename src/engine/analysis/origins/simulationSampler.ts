import type { Random } from "../../linalg/random";

/** Draws 0 … n − 1 with given probabilities in constant time. */
export type Sampler = () => number;

/** The alias method (Walker 1977, in Vose's form of 1991). @param probabilities sum to 1 */
export function aliasSampler(probabilities: Float64Array, draws: Random): Sampler {
  const n = probabilities.length;
  const keep = probabilities.map((p) => p * n);
  const alias = Int32Array.from({ length: n }, (_, i) => i);
  const small = [...keep.keys()].filter((i) => keep[i]! < 1);
  const large = [...keep.keys()].filter((i) => keep[i]! >= 1);
  while (small.length > 0 && large.length > 0) {
    const less = small.pop()!;
    const more = large.pop()!;
    alias[less] = more;
    keep[more] = keep[more]! - (1 - keep[less]!);
    (keep[more] < 1 ? small : large).push(more);
  }
  // What rounding leaves over has all of its place.
  for (const i of [...small, ...large]) keep[i] = 1;
  return () => {
    const at = draws.next() * n;
    const i = Math.floor(at);
    return at - i < keep[i]! ? i : alias[i]!;
  };
}
