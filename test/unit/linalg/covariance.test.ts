import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rowCovariance } from "../../../src/engine/linalg/covariance";
import { random } from "../../../src/engine/linalg/random";

describe("rowCovariance", () => {
  it("agrees with the definition for every number of rows and columns around a block and a panel", () => {
    const shapes = fc.tuple(fc.integer({ min: 1, max: 140 }), fc.integer({ min: 1, max: 8 }), fc.nat());
    fc.assert(
      fc.property(shapes, ([n, cols, seed]) => {
        const draws = random(seed);
        const rows = Array.from({ length: n }, () => Array.from({ length: cols }, () => 1e6 + draws.normal()));
        const chosen = rows.map((_, i) => i).filter((i) => i % 3 !== 1);
        const { mean, covariance } = rowCovariance(chosen, cols, (i, target) => target.set(rows[i]!));
        for (let p = 0; p < cols; p++) {
          // Shifted by the known offset, so that the reference keeps its digits.
          const centre = chosen.reduce((sum, i) => sum + (rows[i]![p]! - 1e6), 0) / chosen.length;
          expect(mean[p]! - 1e6).toBeCloseTo(centre, 8);
          for (let q = 0; q < cols; q++) {
            const other = chosen.reduce((sum, i) => sum + (rows[i]![q]! - 1e6), 0) / chosen.length;
            const sum = chosen.reduce((s, i) => s + (rows[i]![p]! - 1e6 - centre) * (rows[i]![q]! - 1e6 - other), 0);
            expect(covariance.data[p * cols + q]).toBeCloseTo(sum / chosen.length, 7);
          }
        }
      }),
    );
  });

  it("refuses an empty selection", () => {
    expect(() => rowCovariance([], 2, () => undefined)).toThrow(RangeError);
  });
});
