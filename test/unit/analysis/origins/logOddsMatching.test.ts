import { describe, expect, it } from "vitest";
import { logOddsMatching } from "../../../../src/engine/analysis/origins/logOddsMatching";
import { sampleRandomPairs } from "../../../../src/engine/analysis/parallelism/randomPairs";
import { fromRows, selectRows, type Matrix } from "../../../../src/engine/linalg/matrix";
import { logOddsVerdict } from "../../../../src/engine/report/verdicts";
import reference from "../../../fixtures/references/relations.json";
import { gaussian, largestDifference, logProbabilities } from "../toyModel";

const seed = 4;

describe("log-odds matching", () => {
  it("has NumPy's means, spreads and distances, of the pairs and of random ones", () => {
    const given = reference.logOdds;
    const sample = {
      tokens: Int32Array.from(given.words.keys()),
      from: Int32Array.from(given.random.from.flat()),
      to: Int32Array.from(given.random.to.flat()),
      draws: given.random.from.length,
      pairs: given.from.length,
    };
    const found = logOddsMatching(
      { from: fromRows(given.from), to: fromRows(given.to) },
      { sample, words: fromRows(given.words) },
      { seed },
    );
    expect(largestDifference(found.means, given.means)).toBeLessThan(1e-12);
    expect(largestDifference(found.spreads, given.spreads)).toBeLessThan(1e-12);
    const names = ["concept", "distance", "randomSpread", "randomSpreadLower", "randomDistance"] as const;
    for (const name of names) expect(found[name], name).toBeCloseTo(given[name], 12);
    expect(found.interval![0]).toBeLessThan(found.spread);
    expect(found.interval![1]).toBeGreaterThan(found.spread);
  });

  const [contexts, d, tokens] = [60, 10, 300];
  const ids = Array.from({ length: tokens }, (_, i) => i);
  /** The pairs' words have last rows of g; the vocabulary before them is random. */
  const analyse = (pairs: { from: Matrix; to: Matrix }) => {
    const f = gaussian(contexts, d, 1);
    const vocabulary = gaussian(tokens, d, 2);
    const all = { rows: tokens + 2 * pairs.from.rows, cols: d, data: Float64Array.from([...vocabulary.data, ...pairs.from.data, ...pairs.to.data]) }; // prettier-ignore
    const words = logProbabilities(f, all);
    const part = (start: number) =>
      selectRows(
        words,
        Int32Array.from({ length: pairs.from.rows }, (_, i) => start + i),
      );
    const sample = sampleRandomPairs(ids, { pairs: pairs.from.rows, seed });
    return logOddsMatching(
      { from: part(tokens), to: part(tokens + pairs.from.rows) },
      { sample, words: selectRows(words, sample.tokens) },
      { seed },
    );
  };

  it("finds no spread where the words of a pair differ in what all contexts share", () => {
    const from = gaussian(8, d, 3);
    // Contexts have a last coordinate of 1 only here, so that a difference along it is one constant.
    const found = logOddsMatching(
      { from: { rows: 8, cols: contexts, data: new Float64Array(8 * contexts) }, to: { rows: 8, cols: contexts, data: new Float64Array(8 * contexts).fill(1.5) } }, // prettier-ignore
      null,
      { seed },
    );
    expect(found.spread).toBe(0);
    expect([found.concept, found.distance]).toEqual([1.5, 0]);
    expect(found.randomSpread).toBeNaN();
    const nearly = analyse({ from, to: { ...from, data: from.data.map((x, k) => x + (k % d === 0 ? 0.01 : 0)) } });
    expect(logOddsVerdict({ ...nearly, pairs: [], n: 8, contexts, contextsLeftOut: 0, identifiable: null })).toBe(
      "the same in all contexts",
    );
  });

  it("finds the spread of random pairs in random pairs", () => {
    const found = analyse({ from: gaussian(40, d, 5), to: gaussian(40, d, 6) });
    expect(found.spread / found.randomSpread).toBeGreaterThan(0.85);
    expect(found.spread / found.randomSpread).toBeLessThan(1.15);
    expect(logOddsVerdict({ ...found, pairs: [], n: 40, contexts, contextsLeftOut: 0, identifiable: null })).toBe(
      "as unsteady as random pairs",
    );
  });

  it("moves as a whole where all pairs read one direction of the context", () => {
    const from = gaussian(12, d, 7);
    const shared = analyse({ from, to: { ...from, data: from.data.map((x, k) => x + (k % d === 0 ? 8 : 0)) } });
    expect(shared.distance).toBeGreaterThan(3 * shared.randomDistance);
  });

  it("refuses a single context, and no pairs", () => {
    const rows = (n: number, m: number) => ({ rows: n, cols: m, data: new Float64Array(n * m) });
    expect(() => logOddsMatching({ from: rows(3, 1), to: rows(3, 1) }, null, { seed })).toThrow(RangeError);
    expect(() => logOddsMatching({ from: rows(0, 5), to: rows(0, 5) }, null, { seed })).toThrow(RangeError);
  });
});
