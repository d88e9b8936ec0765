import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clusterOrder } from "../../../webview/figures/clusterOrder";
import { random } from "../../../src/engine/linalg/random";

/** Cosines of vectors around `centres` directions, row i in group i mod centres. */
function blocks(k: number, centres: number, noise: number, seed = 1): number[][] {
  const draw = random(seed);
  const rows = Array.from({ length: k }, (_, i) =>
    Array.from({ length: centres + 3 }, (__, a) => (a === i % centres ? 1 : 0) + noise * draw.normal()),
  );
  const dot = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
  return rows.map((a) => rows.map((b) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))));
}

/** How many neighbours in the order are of different groups. */
const changes = (order: readonly number[], centres: number) =>
  order.slice(1).filter((row, i) => row % centres !== order[i]! % centres).length;

describe("cluster order", () => {
  it("is a permutation for any matrix, NaN included", () => {
    const matrix = fc.integer({ min: 0, max: 9 }).chain((k) =>
      fc.array(fc.array(fc.double({ min: -1, max: 1 }), { minLength: k, maxLength: k }), {
        minLength: k,
        maxLength: k,
      }),
    );
    fc.assert(
      fc.property(matrix, (m) => {
        expect(clusterOrder(m).toSorted((a, b) => a - b)).toEqual(m.map((_, i) => i));
      }),
    );
  });
  it("lays interleaved groups side by side", () => {
    const matrix = blocks(24, 3, 0.1);
    expect(
      changes(
        matrix.map((_, i) => i),
        3,
      ),
    ).toBe(23);
    expect(changes(clusterOrder(matrix), 3)).toBe(2);
  });
  it("turns leaves so that a chain comes out in its own order", () => {
    const shuffled = [3, 0, 5, 1, 4, 2];
    const matrix = shuffled.map((a) => shuffled.map((b) => Math.cos(Math.abs(a - b) * (0.25 + 0.02 * Math.max(a, b)))));
    const chain = clusterOrder(matrix).map((i) => shuffled[i]!);
    expect(chain[0]! < chain[5]! ? chain : chain.toReversed()).toEqual([0, 1, 2, 3, 4, 5]);
  });
  it("takes a few hundred pairs in no time", () => {
    const matrix = blocks(300, 5, 0.3);
    const start = performance.now();
    expect(clusterOrder(matrix)).toHaveLength(300);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
