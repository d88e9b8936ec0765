import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bootstrapInterval,
  permutationP,
  quantile,
  wilsonInterval,
} from "../../../../src/engine/analysis/statistics/intervals";
import { random } from "../../../../src/engine/linalg/random";

describe("wilsonInterval", () => {
  it("agrees with published values", () => {
    // Newcombe, Statistics in Medicine 17 (1998), table I: method 3.
    const published = [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const;
    for (const [successes, n, lower, upper] of published) {
      expect(wilsonInterval(successes, n)[0]).toBeCloseTo(lower, 4);
      expect(wilsonInterval(successes, n)[1]).toBeCloseTo(upper, 4);
    }
  });

  it("has ends that solve |s − ŝ| = z √(s (1 − s) / n)", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(), (n, draw) => {
        const successes = draw % (n + 1);
        for (const end of wilsonInterval(successes, n)) {
          const distance = Math.abs(end - successes / n);
          expect(distance).toBeCloseTo(1.959963984540054 * Math.sqrt((end * (1 - end)) / n), 7);
        }
      }),
    );
  });

  it("says nothing without trials, and refuses the impossible", () => {
    expect(wilsonInterval(0, 0)).toEqual([0, 1]);
    expect(() => wilsonInterval(3, 2)).toThrow(RangeError);
    expect(() => wilsonInterval(-1, 2)).toThrow(RangeError);
  });
});

describe("quantile", () => {
  it("interpolates between order statistics", () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([10, 20, 30, 40, 50], 0.975)).toBeCloseTo(49, 12);
    expect(quantile([7], 0.3)).toBe(7);
    expect([quantile([3, 1, 2], 0), quantile([3, 1, 2], 1)]).toEqual([1, 3]);
  });

  it("rises with q and stays within the values", () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 });
    const share = fc.double({ noNaN: true, min: 0, max: 1 });
    fc.assert(
      fc.property(values, share, share, (x, p, q) => {
        expect(quantile(x, Math.min(p, q))).toBeLessThanOrEqual(quantile(x, Math.max(p, q)) + 1e-6);
        expect(quantile(x, q)).toBeGreaterThanOrEqual(Math.min(...x));
        expect(quantile(x, q)).toBeLessThanOrEqual(Math.max(...x));
      }),
    );
  });

  it("refuses an empty list and shares outside [0, 1]", () => {
    expect(() => quantile([], 0.5)).toThrow(RangeError);
    expect(() => quantile([1], 1.1)).toThrow(RangeError);
  });
});

describe("bootstrapInterval", () => {
  const meanOf = (values: number[]) => (counts: Int32Array) =>
    values.reduce((sum, x, i) => sum + x * counts[i]!, 0) / values.length;

  it("is as wide as theory says for a mean", () => {
    const draws = random(1, "values");
    const values = Array.from({ length: 400 }, () => draws.normal());
    const interval = bootstrapInterval(400, meanOf(values), { random: random(2), resamples: 4000 })!;
    const centre = values.reduce((a, b) => a + b) / 400;
    const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - centre) ** 2, 0) / 400 / 400);
    expect((interval[1] - interval[0]) / (2 * 1.96 * deviation)).toBeCloseTo(1, 1);
    expect(Math.abs((interval[0] + interval[1]) / 2 - centre)).toBeLessThan(0.2 * deviation);
  });

  it("leaves out resamples without a value, and is null when none has one", () => {
    expect(bootstrapInterval(3, () => NaN, { random: random(1) })).toBeNull();
    expect(bootstrapInterval(1, () => 1, { random: random(1) })).toBeNull();
    const some = bootstrapInterval(3, (counts) => (counts[0] === 0 ? NaN : 2), { random: random(1) });
    expect(some).toEqual([2, 2]);
  });

  it("draws n units in every resample", () => {
    bootstrapInterval(5, (counts) => {
      expect(counts.reduce((a, b) => a + b)).toBe(5);
      return 0;
    }, { random: random(1), resamples: 20 }); // prettier-ignore
    expect.assertions(20);
  });
});

describe("permutationP", () => {
  it("counts the observed arrangement and ties", () => {
    expect(permutationP(1, [0, 0, 0])).toBe(1 / 4);
    expect(permutationP(1, [1 - 1e-15, 2, 0])).toBe(3 / 4);
  });
});
