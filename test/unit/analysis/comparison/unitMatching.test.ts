import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bestAssignment } from "../../../../src/engine/analysis/comparison/assignment";
import { LassoPath } from "../../../../src/engine/analysis/comparison/lasso";
import { unitMatching } from "../../../../src/engine/analysis/comparison/unitMatching";
import { dot, fromRows, multiplyTransposed, row, scale, transpose, zeros, type Matrix } from "../../../../src/engine/linalg/matrix"; // prettier-ignore
import { random } from "../../../../src/engine/linalg/random";
import { gaussian, largestDifference } from "../toyModel";
import { columnsOf, mapped, passagesOf, toyModel, twin } from "./modelPair";

const passages = passagesOf(200);

describe("unit matching", () => {
  const f = gaussian(200, 10, 1);

  it("finds a permutation of the units, with signs and scales", () => {
    const order = random(3).permutation(10);
    const right = columnsOf(f, order);
    for (let at = 0; at < right.data.length; at++) right.data[at]! *= at % 3 === 0 ? -2 : 1;
    // One sign and scale for each unit.
    for (let i = 0; i < 200; i++) for (let j = 0; j < 10; j++) right.data[i * 10 + j] = f.data[i * 10 + order[j]!]! * (j % 2 ? -3 : 1); // prettier-ignore
    const found = unitMatching(f, right, passages, 0)!;
    for (const { left, right: partner, correlation } of found.assignment) {
      expect(order[partner]).toBe(left);
      expect(correlation).toBeCloseTo(partner % 2 ? -1 : 1, 10);
    }
    expect(found.meanCorrelation).toBeCloseTo(1, 10);
    expect(found.mutual).toBe(1);
    expect(found.nullMean).toBeLessThan(0.3);
    expect(found.sparse.meanUnits).toBeLessThan(2);
    expect(found.sparse.meanR2).toBeGreaterThan(0.98);
    expect(found.clusters).toHaveLength(10);
    for (const cluster of found.clusters) expect(order[cluster.right[0]!]).toBe(cluster.left[0]);
    expect(found.matrix.map((entries, i) => entries[i])).toEqual(
      found.assignment.map(({ correlation }) => Math.abs(correlation)),
    );
  });

  it("changes with the basis, although the twin says the same", () => {
    const model = toyModel(1);
    const found = unitMatching(model.f, twin(model, "changeOfBasis", 2).f, passages, 0)!;
    expect(found.meanCorrelation).toBeLessThan(0.9);
    expect(found.meanCorrelation).toBeGreaterThan(found.nullMean);
  });

  it("of unrelated units is within the null", () => {
    const found = unitMatching(f, gaussian(200, 7, 50), passagesOf(200, 1), 0)!;
    expect(Math.abs(found.meanCorrelation - found.nullMean)).toBeLessThan(0.04);
    expect(found.sparse.meanR2).toBeLessThan(0.03);
    expect(found.assignment).toHaveLength(7);
    expect(found.sparse.r2).toHaveLength(10);
    expect(found.clusters).toHaveLength(0);
  });

  it("regresses a unit on the few that make it up", () => {
    const right = gaussian(200, 12, 9);
    const left = zeros(200, 2);
    for (let i = 0; i < 200; i++) {
      left.data[i * 2] = right.data[i * 12 + 3]! - 2 * right.data[i * 12 + 8]!;
      left.data[i * 2 + 1] = f.data[i * 10]!;
    }
    const { r2, units } = unitMatching(left, right, passages, 0)!.sparse;
    expect(r2[0]).toBeGreaterThan(0.98);
    expect(units[0]).toBe(2);
    expect(r2[1]).toBeLessThan(0.05);
  });

  it("leaves out units that do not vary, and those beyond the largest variances", () => {
    const left = columnsOf(f, [0, 1, 2, 3]);
    for (let i = 0; i < 200; i++) {
      left.data[i * 4 + 1] = 5;
      left.data[i * 4 + 3]! *= 10;
      left.data[i * 4]! *= 3;
    }
    expect(unitMatching(left, f, passages, 0)!.leftUnits).toEqual([0, 2, 3]);
    const capped = unitMatching(left, f, passages, 0, 2)!;
    expect(capped.leftUnits).toEqual([0, 3]);
    expect(capped.rightUnits).toHaveLength(2);
    expect(capped.assignment.every(({ left: unit }) => [0, 3].includes(unit))).toBe(true);
  });

  it("needs three passages, and units that vary", () => {
    expect(unitMatching(f, f, new Int32Array(200), 0)).toBeNull();
    expect(unitMatching(zeros(200, 3), f, passages, 0)).toBeNull();
  });
});

describe("assignment", () => {
  it("is the best of all permutations", () => {
    const shapes = fc.record({
      rows: fc.integer({ min: 1, max: 5 }),
      cols: fc.integer({ min: 1, max: 5 }),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(shapes, ({ rows, cols, seed }) => {
        const draws = random(seed);
        // Few different values, so that there are ties.
        const gains: Matrix = { rows, cols, data: Float64Array.from({ length: rows * cols }, () => draws.integer(4)) };
        const found = bestAssignment(gains);
        const taken = Array.from(found).filter((column) => column >= 0);
        expect(new Set(taken).size).toBe(Math.min(rows, cols));
        expect(taken).toHaveLength(Math.min(rows, cols));
        const reached = Array.from(found).reduce((sum, column, i) => sum + (column < 0 ? 0 : gains.data[i * cols + column]!), 0); // prettier-ignore
        expect(reached).toBe(bestTotal(gains));
      }),
    );
  });
});

/** Over all ways to give the rows different columns, or none where columns are too few. */
function bestTotal({ rows, cols, data }: Matrix, i = 0, used = 0): number {
  if (i === rows) return 0;
  const spare = rows - i > cols - bits(used);
  let best = spare ? bestTotal({ rows, cols, data }, i + 1, used) : -Infinity;
  for (let j = 0; j < cols; j++) {
    if ((used >> j) % 2 === 0) best = Math.max(best, data[i * cols + j]! + bestTotal({ rows, cols, data }, i + 1, used | (1 << j))); // prettier-ignore
  }
  return best;
}

function bits(set: number): number {
  return set === 0 ? 0 : (set % 2) + bits(set >> 1);
}

describe("lasso path", () => {
  it("meets the conditions of a minimum at every λ, also for inputs that are nearly collinear", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 2, max: 25 }), (seed, k) => {
        const x = transpose(mapped(gaussian(30, k, seed), k, seed + 1));
        const y = fromRows([Array.from(gaussian(30, 1, seed + 2).data)]);
        const gram = scale(multiplyTransposed(x, x), 1 / 30);
        const products = scale(multiplyTransposed(y, x), 1 / 30).data;
        const path = new LassoPath({ gram, products });
        for (const share of [0.8, 0.3, 0.05, 0.01]) {
          const lambda = share * path.largest;
          const { weights } = path.to(lambda);
          for (let j = 0; j < k; j++) {
            const remaining = products[j]! - dot(row(gram, j), weights);
            expect(Math.abs(remaining)).toBeLessThanOrEqual(lambda * (1 + 1e-6));
            if (weights[j] !== 0) expect(remaining).toBeCloseTo(Math.sign(weights[j]!) * lambda, 6);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it("ends before it has too many inputs, at a minimum", () => {
    const x = transpose(gaussian(30, 8, 1));
    const gram = scale(multiplyTransposed(x, x), 1 / 30);
    const products = gaussian(1, 8, 2).data;
    const [short, long] = [new LassoPath({ gram, products }, 3), new LassoPath({ gram, products })];
    short.to(1e-3 * short.largest);
    expect(short.ended).toBe(true);
    expect(short.weights.filter((w) => w !== 0)).toHaveLength(3);
    const active = short.weights.findIndex((w) => w !== 0);
    const lambda = Math.abs(products[active]! - dot(row(gram, active), short.weights));
    expect(largestDifference(long.to(lambda).weights, short.weights)).toBeLessThan(1e-9);
  });
});
