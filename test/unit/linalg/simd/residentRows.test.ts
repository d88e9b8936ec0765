import { describe, expect, it } from "vitest";
import { multiply, multiplyTransposed, transpose, type Matrix } from "../../../../src/engine/linalg/matrix";
import { timesColumns, timesRows, type ResidentRows } from "../../../../src/engine/linalg/simd/residentRows";
import { gaussian, largestDifference } from "../../analysis/toyModel";

function stored(rows: Matrix): ResidentRows {
  return { height: rows.rows, width: rows.cols, byRow: rows.data, byColumn: transpose(rows).data };
}

describe("products with rows that stay in the kernels' memory", () => {
  it.each([
    [1, 7, 5],
    [1, 81, 99],
    [3, 40, 33],
    [9, 6, 70],
    // Too large to stay there.
    [1, 2200, 1000],
  ])("are those of both orders of storage, %i times %i × %i", (count, height, width) => {
    // In turn, so that neither finds its own rows there.
    const both = [1, 2].map((seed) => {
      const rows = gaussian(height, width, seed);
      return { rows, resident: stored(rows) };
    });
    for (const { rows, resident } of [...both, ...both]) {
      const [theta, sums] = [gaussian(count, width, 3), gaussian(count, height, 4)];
      const [scores, totals] = [new Float64Array(count * height), new Float64Array(count * width)];
      timesRows(theta.data, resident, count, scores);
      timesColumns(sums.data, resident, count, totals);
      expect(largestDifference(scores, multiplyTransposed(theta, rows).data)).toBeLessThan(1e-11);
      expect(largestDifference(totals, multiply(sums, rows).data)).toBeLessThan(1e-11);
    }
  });
});
