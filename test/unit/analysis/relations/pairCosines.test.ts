import { describe, expect, it } from "vitest";
import { sampleRandomPairs } from "../../../../src/engine/analysis/parallelism/randomPairs";
import { pairCosines, type RelationPairs } from "../../../../src/engine/analysis/relations/pairCosines";
import { fromRows, selectRows, type Matrix } from "../../../../src/engine/linalg/matrix";
import reference from "../../../fixtures/references/relations.json";
import { gaussian, largestDifference } from "../toyModel";

const seed = 6;
const d = 30;
const vocabulary = gaussian(600, d, 50);

function named(from: Matrix, to: Matrix, name: string): RelationPairs {
  return { from, to, names: Array.from({ length: from.rows }, (_, i) => `${name} ${i}`) };
}

/** Pairs whose differences are `share` of one direction plus noise. */
function along(axis: number, k: number, name: string, noise: number, sign = 1): RelationPairs {
  const from = gaussian(k, d, 100 + axis);
  const own = gaussian(k, d, 200 + axis);
  const to = { ...from, data: from.data.map((x, i) => x + (i % d === axis ? sign : 0) + noise * own.data[i]!) };
  return named(from, to, name);
}

function analyse(relations: readonly RelationPairs[]) {
  const sample = sampleRandomPairs(Array.from({ length: vocabulary.rows }, (_, i) => i), { pairs: relations[0]!.from.rows, seed }); // prettier-ignore
  return pairCosines(relations, { seed, randomPairs: { sample, words: selectRows(vocabulary, sample.tokens) } });
}

describe("cosines between the pairs of relations", () => {
  it("are scikit-learn's, without a pair beside itself", () => {
    const relations = reference.cosines.relations.map(({ from, to }, i) => named(fromRows(from), fromRows(to), `${i}`));
    const { matrix, upper, intervals } = pairCosines(relations, { seed, randomPairs: null });
    expect(largestDifference(matrix.flat().map(Number), reference.cosines.matrix.flat())).toBeLessThan(1e-12);
    expect([upper, intervals]).toEqual([null, null]);
  });

  it("are 1 between parallel relations, −1 between opposite ones, and 0 between orthogonal ones", () => {
    const { matrix, upper } = analyse([along(0, 8, "a", 0), { ...along(0, 8, "b", 0, 2) }, along(0, 8, "c", 0, -1), along(3, 8, "d", 0)]); // prettier-ignore
    expect(matrix[0]![1]).toBeCloseTo(1, 12);
    expect(matrix[0]![2]).toBeCloseTo(-1, 12);
    expect(matrix[0]![3]).toBeCloseTo(0, 12);
    expect(upper!.flat().every((value) => value !== null && value < 0.3)).toBe(true);
  });

  it("beside a copy of the relation, are those of the diagonal", () => {
    const one = along(2, 9, "a", 0.3);
    const { matrix, intervals } = analyse([one, { ...one }]);
    expect(matrix[0]![1]).toBeCloseTo(matrix[0]![0]!, 12);
    expect(matrix[1]![1]).toBeCloseTo(matrix[0]![0]!, 12);
    const [low, high] = intervals![0]![0]!;
    expect(low).toBeLessThan(matrix[0]![0]!);
    expect(high).toBeGreaterThan(matrix[0]![0]!);
  });

  it("of unrelated relations are within their null about as often as it says", () => {
    let beyond = 0;
    const draws = 60;
    for (let draw = 0; draw < draws; draw++) {
      const relations = [1, 2].map((which) =>
        named(gaussian(10, d, 1000 * which + draw), gaussian(10, d, 5000 * which + draw), `${which}`),
      );
      const { matrix, upper } = analyse(relations);
      if (Math.abs(matrix[0]![1]!) > upper![0]![1]!) beyond++;
    }
    expect(beyond / draws).toBeLessThan(0.15);
  });

  it("leave out a pair without a direction, and have no value where none is left", () => {
    const from = gaussian(3, d, 1);
    const flat = named(from, from, "flat");
    const { matrix } = pairCosines([flat, along(0, 4, "a", 0)], { seed, randomPairs: null });
    expect(matrix[0]).toEqual([null, null]);
    expect(matrix[1]![1]).toBeCloseTo(1, 12);
  });
});
