import { describe, expect, it } from "vitest";
import { averageLinkage } from "../../../../src/engine/analysis/relations/averageLinkage";
import reference from "../../../fixtures/references/relations.json";
import { largestDifference } from "../toyModel";

describe("average linkage", () => {
  const { distances, heights, cophenetic } = reference.linkage;
  const { merges, order } = averageLinkage(distances);

  it("joins at SciPy's heights, and the same clusters", () => {
    expect(largestDifference(merges.map(({ height }) => height), heights)).toBeLessThan(1e-12); // prettier-ignore
    const found = distances.map((row) => row.map(() => 0));
    for (const { left, right, height } of merges) {
      for (const i of left) for (const j of right) found[i]![j] = found[j]![i] = height;
    }
    expect(largestDifference(found.flat(), cophenetic.flat())).toBeLessThan(1e-12);
  });

  it("lays every cluster out as a stretch", () => {
    expect([...order].sort((a, b) => a - b)).toEqual(distances.map((_, i) => i));
    for (const { left, right } of merges) {
      const places = [...left, ...right].map((leaf) => order.indexOf(leaf));
      expect(Math.max(...places) - Math.min(...places)).toBe(places.length - 1);
    }
  });

  it("puts two pairs of neighbours with their near ends together", () => {
    // On a line: 0 and 3 at one end, 1 and 2 at the other.
    const at = [0, 11, 10, 1.5];
    const line = averageLinkage(at.map((a) => at.map((b) => Math.abs(a - b))));
    expect([
      [0, 3, 2, 1],
      [1, 2, 3, 0],
    ]).toContainEqual(line.order);
  });

  it("has nothing to join with one leaf, or none", () => {
    expect(averageLinkage([[0]])).toEqual({ merges: [], order: [0] });
    expect(averageLinkage([])).toEqual({ merges: [], order: [] });
  });
});
