import { describe, expect, it } from "vitest";
import {
  alignAllScores,
  relationalSubspaces,
  type SubspaceRows,
  type SubspacesOptions,
} from "../../../../src/engine/analysis/subspaces/relationalSubspaces";
import { svd } from "../../../../src/engine/linalg/decompositions";
import { multiply, multiplyTransposed, row, selectRows, transpose, type Matrix } from "../../../../src/engine/linalg/matrix"; // prettier-ignore
import { plus } from "../relationModel";
import { gaussian, largestDifference } from "../toyModel";

const [n, d, answers, rank] = [40, 24, 8, 2];
const orthonormal = (rows: number, cols: number, seed: number) => svd(gaussian(rows, cols, seed)).u;
const options: SubspacesOptions = { seed: 5, draws: 50, metric: "given" };

/** Logits that depend on the inputs through `planted` [d, k] alone, but for some noise. */
function logitsOf(inputs: Matrix, planted: Matrix, seed: number): Matrix {
  const exact = multiply(multiply(inputs, planted), gaussian(planted.cols, answers, seed));
  return plus(exact, gaussian(inputs.rows, answers, seed + 1), 0.05);
}

const planted = orthonormal(d, rank, 1);
const map = (stream: string, seed: number, subspace = planted): SubspaceRows => {
  const inputs = gaussian(n, d, seed);
  return { inputs, answerLogits: logitsOf(inputs, subspace, seed + 50), rank, stream };
};

describe("relational subspaces", () => {
  it("are aligned where the maps read the same directions, whatever they write", () => {
    const { alignments, ranks } = relationalSubspaces([map("a", 10), map("b", 20)], [[0, 1]], options);
    expect(ranks).toEqual([rank, rank]);
    const aligned = alignments[0]!;
    expect(aligned.cosines.length).toBe(rank);
    for (const cosine of aligned.cosines) expect(cosine).toBeGreaterThan(0.999);
    expect(aligned.overlapUpper).toBeLessThan(0.5);
    expect(aligned.p).toBeCloseTo(1 / 51, 12);
  });

  it("are not where the maps read other directions", () => {
    const other = orthonormal(d, 5, 1);
    const apart = transpose(selectRows(transpose(other), [3, 4]));
    const { alignments } = relationalSubspaces([map("a", 10), map("b", 20, apart)], [[0, 1]], options);
    expect(alignments[0]!.overlap).toBeLessThan(0.2);
    expect(alignments[0]!.overlap).toBeLessThan(alignments[0]!.overlapUpper);
    expect(alignments[0]!.p).toBeGreaterThan(0.05);
  });

  it("find their rank on held-out subjects, and have none where nothing is predicted", () => {
    const { inputs, answerLogits, stream } = map("a", 10);
    const noise = { inputs, answerLogits: gaussian(n, answers, 3), stream: "noise" };
    const { ranks, alignments } = relationalSubspaces([{ inputs, answerLogits, stream }, noise], [[0, 1]], options);
    expect(ranks).toEqual([rank, null]);
    expect(alignments).toEqual([null]);
  });

  it("leave the expectation out without draws", () => {
    const { alignments } = relationalSubspaces([map("a", 10), map("b", 20)], [[0, 1]], { ...options, draws: 0 });
    const full = relationalSubspaces([map("a", 10), map("b", 20)], [[0, 1]], options).alignments[0]!;
    expect(alignments[0]).toEqual({ ...full, overlapExpected: NaN, overlapUpper: NaN, p: NaN, draws: 0 });
  });

  it("have one metric for all maps at a layer, which a rotation and a shift of the layer do not move", () => {
    const uneven = (a: Matrix) => ({ ...a, data: a.data.map((x, k) => x * 10 ** ((k % d) / d) + 3) });
    const maps = [map("a", 10), map("b", 20)].map((one) => ({ ...one, inputs: uneven(one.inputs) }));
    const turn = orthonormal(d, d, 99);
    const turned = maps.map((one, t) => {
      const inputs = multiplyTransposed(one.inputs, turn);
      return { ...one, inputs: { ...inputs, data: inputs.data.map((x, k) => x - (t + 1) * Math.sin(k % d)) } };
    });
    const pooled = { ...options, metric: "pooled" } as const;
    const own = relationalSubspaces(maps, [[0, 1]], pooled).alignments[0]!;
    const other = relationalSubspaces(turned, [[0, 1]], pooled).alignments[0]!;
    expect(largestDifference(other.cosines, own.cosines)).toBeLessThan(1e-8);
    expect(other.overlapExpected).toBeCloseTo(own.overlapExpected, 8);
    expect(own.overlap).toBeGreaterThan(own.overlapUpper);
    expect(() => relationalSubspaces([map("a", 10), { ...map("b", 20), inputs: gaussian(n, d - 1, 1) }], [], pooled)).toThrow(RangeError); // prettier-ignore
  });
});

describe("the scores of a map", () => {
  const scoresOf = (one: SubspaceRows) => relationalSubspaces([one], [], options).scores!;

  it("are the leading left singular vectors of predictions for subjects left out", () => {
    const one = map("a", 10);
    const { basis } = scoresOf({ ...one, rank: 1 });
    // The planted truth: noise aside, predictions vary over subjects as X V does.
    const truth = svd(multiply(one.inputs, planted)).u;
    const along = multiply(transpose(truth), basis);
    expect(Math.hypot(...along.data)).toBeGreaterThan(0.99);
    const weak = scoresOf({ ...one, answerLogits: gaussian(n, answers, 4), rank: 1 });
    expect(Math.hypot(...multiply(transpose(truth), weak.basis).data)).toBeLessThan(0.7);
  });

  it("agree between layers that are one another's change of basis, and say how much any answers would", () => {
    const one = map("a", 10);
    const turned = { ...one, inputs: multiplyTransposed(one.inputs, orthonormal(30, d, 3)) };
    const unrelated = { ...one, inputs: gaussian(n, d, 77) };
    const pairs = alignAllScores([scoresOf(one), scoresOf(turned), scoresOf(unrelated)]);
    expect(pairs.map(({ left, right }) => [left, right])).toEqual([[0, 1], [0, 2], [1, 2]]); // prettier-ignore
    const [same, apart] = pairs.map(({ alignment }) => alignment);
    expect(same!.overlap).toBeCloseTo(1, 10);
    expect(same!.overlapExpected).toBeCloseTo(1, 10);
    expect(apart!.overlap).toBeLessThan(0.3);
    expect(apart!.overlap).toBeLessThan(apart!.overlapUpper);
  });

  it("tell a relation that both layers carry from what like inputs do to any answers", () => {
    const one = map("a", 10);
    // The same directions matter, in otherwise unrelated coordinates.
    const kept = multiplyTransposed(multiply(one.inputs, planted), orthonormal(d, rank, 8));
    const other = { ...one, inputs: plus(gaussian(n, d, 31), kept, 5) };
    const { alignment } = alignAllScores([scoresOf(one), scoresOf(other)])[0]!;
    expect(alignment.overlap).toBeGreaterThan(0.8);
    expect(alignment.overlapUpper).toBeLessThan(0.6);
    expect(alignment.p).toBeLessThan(0.05);
  });
});

it("keeps a row's own answer out of its prediction", () => {
  const one = map("a", 10);
  const { answerLogits } = one;
  const changed = { ...answerLogits, data: answerLogits.data.slice() };
  for (let y = 0; y < answers; y++) row(changed, 7)[y]! += 40 * (y % 2 === 0 ? 1 : -1);
  const scores = (logits: Matrix) =>
    relationalSubspaces([{ ...one, answerLogits: logits, rank: 1 }], [], { ...options, draws: 0 }).scores!;
  // An outlying answer would pull the leading direction of in-sample scores towards its own subject.
  const entry = Math.abs(scores(changed).basis.data[7]!);
  expect(entry).toBeLessThan(0.3);
  expect(scores(answerLogits).basis.cols).toBe(1);
});
