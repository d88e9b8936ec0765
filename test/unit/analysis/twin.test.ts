import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changeOfBasis, twinOf, type TwinFamily } from "../../../src/engine/analysis/twin";
import { svd } from "../../../src/engine/linalg/decompositions";
import { identity, multiplyTransposed, transpose } from "../../../src/engine/linalg/matrix";
import { random } from "../../../src/engine/linalg/random";
import { gaussian, largestDifference, logProbabilities, relativeDifference } from "./toyModel";

describe("changeOfBasis", () => {
  it("has the condition number that was asked for, with both ends reached", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 20 }),
        fc.double({ min: 1, max: 1e4, noNaN: true }),
        fc.nat(),
        (d, c, seed) => {
          const { embedding, unembedding } = changeOfBasis(d, c, random(seed));
          const { s } = svd(embedding);
          expect(s[0]! / Math.sqrt(c)).toBeCloseTo(1, 10);
          expect(s[d - 1]! * Math.sqrt(c)).toBeCloseTo(1, 10);
          const product = multiplyTransposed(transpose(embedding), transpose(unembedding));
          expect(largestDifference(product.data, identity(d).data)).toBeLessThan(1e-10);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("spreads the singular values evenly over the decades", () => {
    const { s } = svd(changeOfBasis(200, 1e4, random(3)).embedding);
    const below = s.filter((x) => x < 1).length;
    const belowTenth = s.filter((x) => x < 0.1).length;
    expect(Math.abs(below / 200 - 0.5)).toBeLessThan(0.12);
    expect(belowTenth / 200).toBeGreaterThan(0.15);
    expect(belowTenth / 200).toBeLessThan(0.35);
  });

  it("refuses a condition number below 1", () => {
    expect(() => changeOfBasis(3, 0.5, random(1))).toThrow(RangeError);
  });
});

describe("twinOf", () => {
  const f = gaussian(20, 12, 1);
  const contexts = gaussian(7, 12, 3);
  const g = gaussian(60, 12, 2);

  it.each<TwinFamily>(["changeOfBasis", "changeOfDimension"])("%s leaves the distribution as it was", (family) => {
    for (let seed = 0; seed < 10; seed++) {
      const twin = twinOf({ f: [f, contexts], g }, family, { random: random(seed) });
      expect(relativeDifference(multiplyTransposed(twin.f[0]!, twin.g).data, multiplyTransposed(f, g).data)).toBeLessThan(1e-10); // prettier-ignore
      expect(relativeDifference(logProbabilities(twin.f[1]!, twin.g).data, logProbabilities(contexts, g).data)).toBeLessThan(1e-10); // prettier-ignore
      expect(relativeDifference(twin.f[0]!.data.subarray(0, 240), f.data)).toBeGreaterThan(0.1);
    }
  });

  it("appends coordinates that only one side uses", () => {
    const twin = twinOf({ f: [f], g }, "changeOfDimension", { random: random(1), extra: 3 });
    expect([twin.f[0]!.cols, twin.g.cols]).toEqual([18, 18]);
    for (const [vectors, empty, filled] of [
      [twin.f[0]!, 12, 15],
      [twin.g, 15, 12],
    ] as const) {
      // prettier-ignore
      for (let i = 0; i < vectors.rows; i++) {
        const at = i * 18;
        expect(Array.from(vectors.data.subarray(at + empty, at + empty + 3))).toEqual([0, 0, 0]);
        expect(vectors.data.subarray(at + filled, at + filled + 3).every((x) => x !== 0)).toBe(true);
      }
    }
  });

  it("is the same under the same seed", () => {
    const twin = () => twinOf({ f: [f], g }, "changeOfDimension", { random: random(9) });
    expect(twin()).toEqual(twin());
  });
});
