import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeFolds, leaveOneOutFolds, splitByFold, stratifiedFolds, subjectFolds } from "../../../../src/engine/analysis/statistics/folds"; // prettier-ignore
import { random } from "../../../../src/engine/linalg/random";

describe("folds", () => {
  it("leaves one subject out up to 30, then makes 10 folds of equal size", () => {
    expect(describeFolds(subjectFolds(30, random(1)), "subject")).toBe("leave one subject out");
    const folds = subjectFolds(31, random(1));
    expect(describeFolds(folds, "subject")).toBe("10 folds by subject");
    const sizes = Array.from({ length: 10 }, (_, k) => folds.foldOf.filter((fold) => fold === k).length);
    expect(sizes.sort()).toEqual([3, 3, 3, 3, 3, 3, 3, 3, 3, 4]);
  });

  it("puts every unit into one fold, and no unit into training and test", () => {
    const shapes = fc.record({
      n: fc.integer({ min: 1, max: 80 }),
      rowsPerUnit: fc.integer({ min: 1, max: 4 }),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(shapes, ({ n, rowsPerUnit, seed }) => {
        const folds = subjectFolds(n, random(seed));
        const units = Int32Array.from({ length: n * rowsPerUnit }, (_, i) => i % n);
        const tested: number[] = [];
        for (let k = 0; k < folds.count; k++) {
          const { train, test } = splitByFold(units, folds, k);
          expect(test.length).toBeGreaterThan(0);
          const held = new Set(Array.from(test, (i) => units[i]!));
          expect(Array.from(train).some((i) => held.has(units[i]!))).toBe(false);
          expect(train.length + test.length).toBe(units.length);
          tested.push(...test);
        }
        expect(tested.sort((a, b) => a - b)).toEqual(Array.from(units.keys()));
      }),
    );
  });

  it("keeps every class in every fold and in every training set", () => {
    const classes = fc.array(fc.integer({ min: 2, max: 9 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(classes, fc.nat(), (sizes, seed) => {
        const classOf = sizes.flatMap((size, c) => Array<number>(size).fill(c));
        const count = Math.min(...sizes);
        const folds = stratifiedFolds(classOf, count, random(seed));
        for (let k = 0; k < count; k++) {
          for (const c of sizes.keys()) {
            const inside = classOf.filter((own, unit) => own === c && folds.foldOf[unit] === k).length;
            expect(inside).toBeGreaterThan(0);
            expect(inside).toBeLessThan(sizes[c]!);
          }
        }
      }),
    );
  });

  it("draws the same folds for the same seed, and others for another", () => {
    expect(subjectFolds(50, random(1))).toEqual(subjectFolds(50, random(1)));
    expect(subjectFolds(50, random(2)).foldOf).not.toEqual(subjectFolds(50, random(1)).foldOf);
    expect(leaveOneOutFolds(4).foldOf).toEqual(Int32Array.from([0, 1, 2, 3]));
  });
});
