import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cosineMatrix, parallelismMap, parallelismVerdict, usablePairs, type PairVectors, type ParallelismMap, type ParallelismOptions, type ParallelismVerdict } from "../../../../src/engine/analysis/parallelism/parallelism"; // prettier-ignore
import { randomPairsNull, sampleRandomPairs } from "../../../../src/engine/analysis/parallelism/randomPairs";
import { quantile } from "../../../../src/engine/analysis/statistics/intervals";
import { selectRows, zeros, type Matrix } from "../../../../src/engine/linalg/matrix";
import { random } from "../../../../src/engine/linalg/random";
import { gaussian, mean } from "../toyModel";

const dimension = 40;
const vocabulary = gaussian(1500, dimension, 99);
const ids = Array.from({ length: 1500 }, (_, i) => i);

function combine(a: Matrix, factor: number, b: Matrix): Matrix {
  return { ...a, data: a.data.map((x, k) => x + factor * b.data[k]!) };
}

/** The same direction in every row, with a length per row. */
function along(rows: number, length: (i: number) => number, seed = 7): Matrix {
  const direction = gaussian(1, dimension, seed).data;
  return {
    rows,
    cols: dimension,
    data: Float64Array.from(
      { length: rows * dimension },
      (_, k) => length(Math.floor(k / dimension)) * direction[k % dimension]!,
    ),
  };
}

function analyse(pairs: PairVectors, seed = 1, options: Partial<ParallelismOptions> = {}): ParallelismMap {
  const sample = sampleRandomPairs(ids, { pairs: pairs.from.rows, seed });
  const randomPairs = randomPairsNull(sample, selectRows(vocabulary, sample.tokens));
  const { map } = parallelismMap(pairs, { seed, randomPairs, permutations: 300, resamples: 300, ...options });
  return map!;
}

/** How often each verdict is given over many draws of the data. */
function verdicts(make: (seed: number) => PairVectors, draws = 60): Map<ParallelismVerdict, number> {
  const counts = new Map<ParallelismVerdict, number>();
  for (let seed = 0; seed < draws; seed++) {
    const { verdict } = analyse(make(seed), seed);
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1 / draws);
  }
  return counts;
}

const unrelated = (k: number) => (seed: number) => ({
  from: gaussian(k, dimension, 10_000 + seed),
  to: gaussian(k, dimension, 20_000 + seed),
});

describe("known outcomes", () => {
  it("exactly parallel pairs of any length have cosine 1 and are parallel", () => {
    for (let seed = 0; seed < 20; seed++) {
      const from = gaussian(12, dimension, seed);
      const map = analyse(
        {
          from,
          to: combine(
            from,
            1,
            along(12, (i) => 0.5 + (i % 4)),
          ),
        },
        seed,
      );
      map.matrix.flat().forEach((cosine) => expect(cosine).toBeCloseTo(1, 12));
      expect(map.mean).toBeCloseTo(1, 12);
      expect(map.interval![0]).toBeCloseTo(1, 12);
      expect(map.shuffledMean).toBeLessThan(0.9);
      expect(map.p).toBe(1 / 301);
      expect(map.verdict).toBe("parallel");
    }
  });

  it("a common direction of each word's own partner in noise is parallel", () => {
    const counts = verdicts((seed) => {
      const from = gaussian(24, dimension, seed);
      return {
        from,
        to: combine(
          combine(
            from,
            1,
            along(24, () => 0.6),
          ),
          0.5,
          gaussian(24, dimension, seed + 500),
        ),
      };
    });
    expect(counts.get("parallel")).toBeGreaterThan(0.95);
  });

  it("related words without a common direction are never called parallel", () => {
    const counts = verdicts((seed) => {
      const from = gaussian(24, dimension, seed);
      return { from, to: combine({ ...from, data: from.data.map((x) => 0.7 * x) }, 0.3, gaussian(24, dimension, seed + 500)) }; // prettier-ignore
    });
    expect(counts.get("parallel") ?? 0).toBeLessThanOrEqual(0.05);
    expect(counts.get("class direction only") ?? 0).toBeLessThanOrEqual(0.05);
    expect(counts.get("related words, no common direction")).toBeGreaterThan(0.8);
  });

  it("two classes of unrelated words share a class direction only", () => {
    const counts = verdicts((seed) => {
      const { from, to } = unrelated(24)(seed);
      return {
        from,
        to: combine(
          to,
          1,
          along(24, () => 1),
        ),
      };
    });
    expect(counts.get("class direction only")).toBeGreaterThan(0.85);
    expect(counts.get("related words, no common direction") ?? 0).toBe(0);
  });

  it("random pairs are not parallel", () => {
    const counts = verdicts(unrelated(24));
    expect(counts.get("not parallel")).toBeGreaterThan(0.85);
    expect(counts.get("parallel") ?? 0).toBeLessThanOrEqual(0.02);
  });
});

describe("mean and matrix", () => {
  it("agree with cosines written out, whatever the scale of a pair", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 9 }), fc.nat(), (k, seed) => {
        const { from, to } = unrelated(k)(seed);
        const map = analyse({ from, to }, seed, { permutations: 20, resamples: 20 });
        const deltas = Array.from({ length: k }, (_, i) =>
          Array.from({ length: dimension }, (_, j) => to.data[i * dimension + j]! - from.data[i * dimension + j]!),
        );
        const cosine = (x: number[], y: number[]) =>
          x.reduce((s, v, j) => s + v * y[j]!, 0) / Math.hypot(...x) / Math.hypot(...y);
        const off: number[] = [];
        deltas.forEach((x, i) =>
          deltas.forEach((y, j) => {
            expect(map.matrix[i]![j]).toBeCloseTo(cosine(x, y), 12);
            if (i !== j) off.push(cosine(x, y));
          }),
        );
        expect(map.mean).toBeCloseTo(mean(off), 12);
        expect(map.n).toBe(k);
      }),
      { numRuns: 30 },
    );
  });
});

/** Mean cosine of to_π(i) − from_i for all k! permutations, without the cells of a zero difference. */
function allShuffles({ from, to }: PairVectors): number[] {
  const means: number[] = [];
  const permute = (left: number[], chosen: number[]): void => {
    left.forEach((x) => permute(left.filter((y) => y !== x), [...chosen, x])); // prettier-ignore
    if (left.length > 0) return;
    const data = from.data.map((x, at) => to.data[chosen[Math.floor(at / dimension)]! * dimension + (at % dimension)]! - x); // prettier-ignore
    const cosines = cosineMatrix({ ...from, data });
    const cells = Array.from(cosines.data).filter((x, at) => at % (from.rows + 1) !== 0 && Number.isFinite(x));
    if (cells.length > 0) means.push(mean(cells));
  };
  permute(Array.from({ length: from.rows }, (_, i) => i), []); // prettier-ignore
  return means;
}

function expectShuffles(pairs: PairVectors): void {
  const means = allShuffles(pairs);
  const map = analyse(pairs, 1, { permutations: 20_000 });
  expect(Math.abs(map.shuffledMean - mean(means))).toBeLessThan(1e-3);
  const share = means.filter((x) => x >= map.mean - 1e-12).length / means.length;
  expect(Math.abs(map.p - share)).toBeLessThan(0.02);
}

describe("shuffled partners", () => {
  it("agree with differences formed from shuffled rows, over all permutations", () => expectShuffles(unrelated(5)(3)));

  it("leave out a word that meets itself", () => {
    // A chain a → b → c → d → e → f: shuffles pair b with b.
    const from = gaussian(5, dimension, 1);
    const to = { ...from, data: from.data.slice() };
    to.data.copyWithin(0, dimension);
    to.data.set(gaussian(1, dimension, 2).data, 4 * dimension);
    expectShuffles({ from, to });
  });

  it("give p uniform under the null", () => {
    const p = Array.from({ length: 300 }, (_, seed) => {
      const { map } = parallelismMap(unrelated(10)(seed), { seed, randomPairs: null, permutations: 99, resamples: 10 });
      return map!.p;
    });
    for (const level of [0.1, 0.25, 0.5, 0.75, 0.9]) {
      const share = p.filter((x) => x <= level + 1e-9).length / p.length;
      expect(Math.abs(share - level)).toBeLessThan(4 * Math.sqrt((level * (1 - level)) / p.length));
    }
  });
});

describe("bootstrap over pairs", () => {
  it("leaves out the cells of a pair with itself, without which it would exclude its own estimate", () => {
    const k = 8;
    const to = zeros(k, dimension);
    for (let i = 0; i < k; i++) to.data[i * dimension + i] = 1;
    const { interval, mean: estimate, matrix } = analyse({ from: zeros(k, dimension), to });
    expect(estimate).toBe(0);
    expect(interval).toEqual([0, 0]);
    const draws = random(1);
    const naive = Array.from({ length: 400 }, () => {
      const drawn = Array.from({ length: k }, () => draws.integer(k));
      const cells = drawn.flatMap((a, i) => drawn.filter((_, j) => j !== i).map((b) => matrix[a]![b]!));
      return mean(cells);
    });
    expect(quantile(naive, 0.025)).toBeGreaterThan(estimate);
  });

  it("covers the mean of the population about as often as it says", () => {
    const make = (k: number, seed: number) =>
      combine(
        along(k, () => 0.7),
        1,
        gaussian(k, dimension, seed),
      );
    const pairs = (k: number, seed: number) => ({ from: zeros(k, dimension), to: make(k, seed) });
    const few = { permutations: 1, resamples: 300, randomPairs: null };
    const population = parallelismMap(pairs(1500, 5), { seed: 1, ...few, resamples: 2 }).map!.mean;
    let covered = 0;
    for (let seed = 0; seed < 300; seed++) {
      const [lower, upper] = parallelismMap(pairs(24, 1000 + seed), { seed, ...few }).map!.interval!;
      if (lower <= population && population <= upper) covered++;
    }
    expect(covered / 300).toBeGreaterThan(0.88);
    expect(covered / 300).toBeLessThan(0.99);
  });
});

describe("verdict", () => {
  it("follows from the two questions", () => {
    const figures = { n: 20, randomPairsUpper: 0.1 };
    expect(parallelismVerdict({ ...figures, interval: [0.2, 0.4], p: 0.01 })).toBe("parallel");
    expect(parallelismVerdict({ ...figures, interval: [0.2, 0.4], p: 0.05 })).toBe("class direction only");
    expect(parallelismVerdict({ ...figures, interval: [0.1, 0.4], p: 0.01 })).toBe(
      "related words, no common direction",
    );
    expect(parallelismVerdict({ ...figures, interval: [-0.1, 0.4], p: 0.3 })).toBe("not parallel");
    expect(parallelismVerdict({ n: 20, randomPairsUpper: null, interval: [0.01, 0.4], p: 0.01 })).toBe("parallel");
    expect(parallelismVerdict({ n: 20, randomPairsUpper: null, interval: [-0.01, 0.4], p: 0.01 })).toBe("related words, no common direction"); // prettier-ignore
  });

  it("does not judge too few pairs: with three, no p can fall below 1/6", () => {
    const from = gaussian(4, dimension, 1);
    const pairs = {
      from,
      to: combine(
        from,
        1,
        along(4, () => 1),
      ),
    };
    const first = (k: number) => ({
      from: { ...from, rows: k, data: from.data.subarray(0, k * dimension) },
      to: { ...pairs.to, rows: k, data: pairs.to.data.subarray(0, k * dimension) },
    });
    expect(analyse(first(3)).p).toBeGreaterThan(0.1);
    expect([2, 3, 4].map((k) => analyse(first(k)).verdict)).toEqual([
      "too few pairs to tell",
      "too few pairs to tell",
      "parallel",
    ]);
    expect(parallelismMap(first(1), { seed: 1, randomPairs: null })).toEqual({ map: null, dropped: [] });
    expect(parallelismMap(first(0), { seed: 1, randomPairs: null })).toEqual({ map: null, dropped: [] });
  });
});

describe("pairs without a direction", () => {
  it("are dropped and named", () => {
    const { from, to } = unrelated(6)(1);
    to.data.set(from.data.subarray(2 * dimension, 3 * dimension), 2 * dimension);
    const result = parallelismMap({ from, to }, { seed: 1, randomPairs: null });
    expect(result.dropped).toEqual([2]);
    expect(usablePairs({ from, to })).toEqual([0, 1, 3, 4, 5]);
    expect(result.map!.n).toBe(5);
    expect(result.map!.matrix.flat().every(Number.isFinite)).toBe(true);
  });

  it("leave nothing to report when all are", () => {
    const from = gaussian(3, dimension, 1);
    expect(parallelismMap({ from, to: from }, { seed: 1, randomPairs: null })).toEqual({
      map: null,
      dropped: [0, 1, 2],
    });
  });

  it("differ from vectors of another shape, which are refused", () => {
    const from = gaussian(3, dimension, 1);
    expect(() => parallelismMap({ from, to: gaussian(2, dimension, 1) }, { seed: 1, randomPairs: null })).toThrow(RangeError); // prettier-ignore
  });
});

describe("random pairs", () => {
  it("agree with cosines written out", () => {
    const sample = sampleRandomPairs(ids, { pairs: 6, seed: 4, draws: 30 });
    const vectors = selectRows(vocabulary, sample.tokens);
    const means = Array.from({ length: 30 }, (_, draw) => {
      const data = new Float64Array(6 * dimension);
      for (let k = 0; k < 6; k++) {
        for (let j = 0; j < dimension; j++) {
          const at = (place: number) => vectors.data[place * dimension + j]!;
          data[k * dimension + j] = at(sample.to[draw * 6 + k]!) - at(sample.from[draw * 6 + k]!);
        }
      }
      return (cosineMatrix({ rows: 6, cols: dimension, data }).data.reduce((a, b) => a + b) - 6) / 30;
    });
    const result = randomPairsNull(sample, vectors)!;
    expect(result.mean).toBeCloseTo(mean(means), 12);
    expect(result.upper).toBeCloseTo(quantile(means, 0.975), 12);
  });

  it("are of different words from the vocabulary, the same under a seed, and as many as asked for", () => {
    const some = [5, 9, 11, 40, 41];
    const sample = sampleRandomPairs(some, { pairs: 7, seed: 1 });
    expect([...sample.tokens].sort((a, b) => a - b)).toEqual(some);
    expect(sample.from.length).toBe(1400);
    sample.from.forEach((a, k) => expect(a).not.toBe(sample.to[k]));
    expect(new Set(sample.from)).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(new Set(sample.to)).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(sampleRandomPairs(some, { pairs: 7, seed: 1 })).toEqual(sample);
    expect(sampleRandomPairs(ids, { pairs: 2, seed: 1, pool: 64 }).tokens.length).toBe(64);
  });

  it("do not share a word within a draw while the pool lasts", () => {
    const sample = sampleRandomPairs(ids, { pairs: 20, seed: 2, draws: 50, pool: 40 });
    for (let draw = 0; draw < 50; draw++) {
      const part = (places: Int32Array) => places.subarray(draw * 20, (draw + 1) * 20);
      expect(new Set([...part(sample.from), ...part(sample.to)]).size).toBe(40);
    }
  });

  it("have no null where no two of them have a direction", () => {
    const sample = sampleRandomPairs([1, 2, 3], { pairs: 4, seed: 1 });
    expect(randomPairsNull(sample, zeros(3, dimension))).toBeNull();
    expect(() => randomPairsNull(sample, zeros(2, dimension))).toThrow(RangeError);
    expect(() => sampleRandomPairs([1], { pairs: 4, seed: 1 })).toThrow(RangeError);
  });
});
