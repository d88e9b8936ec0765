import { describe, expect, it } from "vitest";
import { sampleRandomPairs } from "../../../../src/engine/analysis/parallelism/randomPairs";
import { orthogonality, randomOrthogonality } from "../../../../src/engine/analysis/relations/directionCosines";
import { selectRows } from "../../../../src/engine/linalg/matrix";
import { gaussian } from "../toyModel";

describe("how far directions are from orthogonal", () => {
  it("is the mean of the absolute cosines, without the diagonal", () => {
    const cosines = [
      [1, 0.5, -0.2],
      [0.5, 1, 0.1],
      [-0.2, 0.1, 1],
    ];
    const found = orthogonality(cosines, 1)!;
    expect(found.mean).toBeCloseTo(0.8 / 3, 12);
    expect(found.interval![0]).toBeGreaterThanOrEqual(0.1);
    expect(found.interval![1]).toBeLessThanOrEqual(0.5);
    expect(orthogonality([[1, -1], [-1, 1]], 1)).toEqual({ mean: 1, interval: null }); // prettier-ignore
    expect(orthogonality([[1]], 1)).toBeNull();
  });

  it("of random pairs is that of random directions, √(2 / πd)", () => {
    const d = 50;
    const words = gaussian(800, d, 3);
    const ids = Array.from({ length: 800 }, (_, i) => i);
    const relations = 6;
    const sample = sampleRandomPairs(ids, { pairs: 5, seed: 2, draws: 200 * relations });
    const found = randomOrthogonality(sample, selectRows(words, sample.tokens), relations)!;
    expect(found.mean / Math.sqrt(2 / (Math.PI * d))).toBeGreaterThan(0.95);
    expect(found.mean / Math.sqrt(2 / (Math.PI * d))).toBeLessThan(1.05);
    expect(found.upper).toBeGreaterThan(found.mean);
    expect(found.upper).toBeLessThan(2 * found.mean);
  });
});
