import { describe, expect, it } from "vitest";
import { causalityFigures, inverseChanges } from "../../../../src/engine/analysis/linearity/causality";
import { steeringPairs } from "../../../../src/engine/analysis/steering/steeringPairs";
import { multiplyTransposed, row, type Matrix } from "../../../../src/engine/linalg/matrix";
import { centre, squaredDistance } from "../relationModel";
import { gaussian } from "../toyModel";

const [n, d, answers] = [60, 7, 5];
const states = gaussian(n, d, 1);
/** A map of rank 3 from states to logits. */
const planted = multiplyTransposed(gaussian(answers, 3, 2), gaussian(d, 3, 3));
const logits = multiplyTransposed(states, planted);
const top = (values: Float64Array) => values.indexOf(Math.max(...values));
const tops = Array.from({ length: n }, (_, i) => top(row(logits, i)));
const { pairs, folds } = steeringPairs(tops, 1, n);
const ranks = [1, 3, 16];
const options = { seed: 1, ranks };
const never = (count: number) => Array<boolean>(count).fill(false);

/** The model's logits after the change of one pair at one rank. */
function after(changes: Matrix, p: number, r: number): Float64Array {
  const state = row(states, pairs[p]!.subject).map((x, j) => x + row(changes, p * ranks.length + r)[j]!);
  return multiplyTransposed({ rows: 1, cols: d, data: state }, planted).data;
}

describe("changes through the inverse map", () => {
  const { inverted: changes, arbitrary } = inverseChanges({ states, answerLogits: logits }, folds, pairs, options)!;
  const centred = (values: Float64Array) => centre({ rows: 1, cols: answers, data: values }).data;

  it("of a linear model move its logits to the target's exactly, at the map's rank", () => {
    pairs.forEach(({ subject, target }, p) => {
      const gap = squaredDistance(centred(row(logits, subject)), centred(row(logits, target)));
      const left = (r: number) => squaredDistance(centred(after(changes, p, r)), centred(row(logits, target)));
      // λ is at the bottom of its grid, and not 0.
      expect(left(1)).toBeLessThan(1e-4 * gap);
      expect(left(2)).toBeLessThan(1e-4 * gap);
      expect(left(0)).toBeGreaterThan(left(1));
    });
  });

  it("make the target's answer the top one: causality of 1 at the map's rank, less below it", () => {
    const successes = pairs.map(({ target }, p) => ranks.map((_, r) => top(after(changes, p, r)) === tops[target]));
    const figures = causalityFigures(pairs, successes, never(pairs.length), ranks);
    expect(figures.causality).toBe(1);
    expect(figures.causalityByRank.map(({ share }) => share).slice(1)).toEqual([1, 1]);
    expect(figures.causalityByRank[0]!.share).toBeLessThan(0.9);
    expect(figures.causalityByRank.map(({ rank }) => rank)).toEqual(ranks);
    expect(figures.causalityByRank[0]!.n).toBe(pairs.length);
  });

  it("do not know the answers of the pair's own fold", () => {
    const fold = pairs[0]!.fold;
    const other = { ...logits, data: logits.data.map((x, k) => (folds[Math.floor(k / answers)] === fold ? -x : x)) };
    const { inverted: changed } = inverseChanges({ states, answerLogits: other }, folds, pairs, options)!;
    // Only what is asked for has changed its sign; the map that is inverted has not.
    pairs.forEach((pair, p) => {
      if (pair.fold !== fold) return;
      row(changes, p * ranks.length).forEach((x, j) => {
        expect(row(changed, p * ranks.length)[j]!).toBeCloseTo(-x, 9);
      });
    });
  });

  it("come with random ones as long in the standardised states, which say what they please", () => {
    // With more rows than columns, the standardised length is that under the inverse covariance.
    const free = pairs.map(({ target }, p) => top(after(arbitrary, p, 1)) === tops[target]).filter(Boolean).length;
    expect(free / pairs.length).toBeLessThan(0.6);
    const scales = pairs.map((_, p) => {
      const [own, other] = [changes, arbitrary].map((rows) => row(rows, p * ranks.length + 1));
      return squaredDistance(own!, new Float64Array(d)) / squaredDistance(other!, new Float64Array(d));
    });
    // The states are as wide in all directions, so that the lengths are alike in raw coordinates too.
    for (const ratio of scales) expect(Math.abs(Math.log(ratio))).toBeLessThan(1.2);
    expect(row(arbitrary, 1)).not.toEqual(row(arbitrary, ranks.length + 1));
  });

  it("are null where the states do not vary", () => {
    const same = { ...states, data: states.data.map((_, k) => k % d) };
    expect(inverseChanges({ states: same, answerLogits: logits }, folds, pairs, options)).toBeNull();
  });
});

describe("causality", () => {
  it("takes the rank that is best in the other folds, so that choosing it gains nothing", () => {
    const two = [0, 1].map((fold) => ({ subject: fold, target: 1 - fold, fold }));
    // In each fold another rank happens to work.
    const figures = causalityFigures(two, [[true, false], [false, true]], [true, false], [1, 2]); // prettier-ignore
    expect(figures.causality).toBe(0);
    expect(figures.causalityByRank.map(({ share }) => share)).toEqual([0.5, 0.5]);
    expect(figures.causalityRandom).toBe(0.5);
    const steady = causalityFigures(two, [[true, false], [true, false]], never(2), [1, 2]); // prettier-ignore
    expect(steady.causality).toBe(1);
    expect(steady.causalityInterval[0]).toBeCloseTo(0.342, 3);
  });
});
