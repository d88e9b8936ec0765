import { describe, expect, it } from "vitest";
import { contextSpan, minimumNorm } from "../../../../src/engine/analysis/geometry/contextSpan";
import { directionCoupling } from "../../../../src/engine/analysis/steering/coupling";
import {
  minimumNormVectors,
  steerAtFinal,
  type FinalSteeringPair,
  type FinalSteeringProblem,
} from "../../../../src/engine/analysis/steering/finalSteering";
import { logitChanges, steeredPredictions } from "../../../../src/engine/analysis/steering/steeredPredictions";
import { steeringPairs } from "../../../../src/engine/analysis/steering/steeringPairs";
import { twinOf, type TwinFamily } from "../../../../src/engine/analysis/twins/twin";
import { choleskySolve, svd } from "../../../../src/engine/linalg/decompositions";
import { dot, multiply, multiplyTransposed, row, selectRows, subtract, transpose, zeros, type Matrix } from "../../../../src/engine/linalg/matrix"; // prettier-ignore
import { random } from "../../../../src/engine/linalg/random";
import { gaussian, geometryOf, largestDifference, logProbabilities, unevenRows } from "../toyModel";

const [contexts, vocabulary, d] = [40, 120, 12];
const alphas = [0, 0.5, 1, 2];
const neutral = [[50, 51, 52], [60, 61]]; // prettier-ignore

interface Model {
  readonly f: Matrix;
  readonly g: Matrix;
}

const own: Model = { f: gaussian(contexts, d, 1), g: unevenRows(vocabulary, d, 2) };
const logitsOf = ({ f, g }: Model) => multiplyTransposed(f, g);
const gramOf = ({ f, g }: Model) => {
  const embedded = geometryOf(g).embed(f);
  return multiplyTransposed(embedded, embedded);
};

/** Rows 0 … 9 are steered, rows 30 … 39 are other relations' prompts. */
function problemOf(model: Model, changes: Partial<FinalSteeringProblem> = {}): FinalSteeringProblem {
  const logits = logitsOf(model);
  const u = (a: number, from: number, to: number) => row(logits, a)[to]! - row(logits, a)[from]!;
  const pairs = Array.from({ length: 10 }, (_, i): FinalSteeringPair => {
    const [from, to] = [i, (i + 3) % 10];
    return { prompt: i, from, to, gap: u((i + 3) % 10, from, to) - u(i, from, to), fold: i % 5 };
  });
  return {
    vocabulary,
    contexts: {
      gram: gramOf(model),
      logits: logits.data,
      folds: Int32Array.from({ length: contexts }, (_, a) => (a < 30 ? a % 5 : -1)),
    },
    prompts: logits.data.slice(0, 10 * vocabulary),
    pairs,
    neutral,
    controls: logits.data.slice(30 * vocabulary),
    ...changes,
  };
}

/** Raw v of every pair, and the change of the logits that it makes. */
function vectors(model: Model, problem: FinalSteeringProblem) {
  return problem.pairs.map((pair) => {
    const { span, vectors: found } = minimumNormVectors(problem, [pair], pair.fold);
    const z = found[0]!;
    const weights = span.weights({ rows: 1, cols: span.rank, data: z });
    const v = multiply(weights, selectRows(model.f, span.contexts));
    return { pair, span, z, weights, v, change: multiplyTransposed(v, model.g).data };
  });
}

describe("the minimum-norm vector", () => {
  it("changes the log-odds by the gap and no log-ratio of neutral answers, and is as long as it says", () => {
    const problem = problemOf(own);
    const { factor } = geometryOf(own.g);
    for (const { pair, z, v, change, span, weights } of vectors(own, problem)) {
      expect(change[pair.to]! - change[pair.from]!).toBeCloseTo(pair.gap, 9);
      for (const set of neutral)
        for (const y of set) expect(Math.abs(change[y]! - change[set[0]!]!)).toBeLessThan(1e-9);
      expect(Math.hypot(...multiply(v, factor).data)).toBeCloseTo(Math.hypot(...z), 9);
      const changes = logitChanges(weights, logitsOf(own).data, span.contexts, vocabulary);
      expect(largestDifference(row(changes, 0), change)).toBeLessThan(1e-9);
      for (const a of span.contexts) expect(a >= 30 || a % 5 !== pair.fold).toBe(true);
    }
  });

  it("is the shortest such vector: Cov⁻¹ Aᵀ (A Cov⁻¹ Aᵀ)⁻¹ t where F is everything", () => {
    const problem = problemOf(own);
    const { factor } = geometryOf(own.g);
    const covariance = multiplyTransposed(factor, factor);
    for (const { pair, v } of vectors(own, problem)) {
      const ratios = [[pair.to, pair.from], [51, 50], [52, 50], [61, 60]]; // prettier-ignore
      const a = subtract(selectRows(own.g, ratios.map(([x]) => x!)), selectRows(own.g, ratios.map(([, y]) => y!))); // prettier-ignore
      const solved = choleskySolve(covariance, transpose(a));
      const t = zeros(4, 1);
      t.data[0] = pair.gap;
      const expected = multiply(solved, choleskySolve(multiply(a, solved), t));
      expect(largestDifference(v.data, expected.data)).toBeLessThan(1e-8);
    }
  });

  it("stays in the span of the contexts' differences", () => {
    const flat = multiply(gaussian(contexts, 4, 8), gaussian(4, d, 9));
    const shift = gaussian(1, d, 10).data;
    const model = { ...own, f: { ...flat, data: flat.data.map((x, k) => x + 5 * shift[k % d]!) } };
    const basis = svd(flat).v;
    const inSpan = transpose(selectRows(transpose(basis), [0, 1, 2, 3]));
    for (const { v, span } of vectors(model, problemOf(model, { neutral: [] }))) {
      expect(span.rank).toBe(4);
      const back = multiplyTransposed(multiply(v, inSpan), inSpan);
      expect(largestDifference(back.data, v.data)).toBeLessThan(1e-8 * Math.hypot(...v.data));
    }
  });

  it("does not exist where neutral answers take the direction away", () => {
    const problem = problemOf(own, { neutral: [[0, 3]] });
    const { infeasible, figures } = steerAtFinal(problem, { alphas, seed: 1, random: false });
    expect(infeasible).toBe(1);
    expect(figures.map(({ n }) => n)).toEqual([9, 9, 9, 9]);
    expect(minimumNorm(Float64Array.of(1, 2), { rows: 2, cols: 2, data: Float64Array.of(1, 0, 0, 1) })).toBeNull();
    const everything = steerAtFinal(problemOf(own, { neutral: [Array.from({ length: 20 }, (_, y) => y)] }), { alphas, seed: 1, random: false }); // prettier-ignore
    expect(everything).toEqual({ figures: [], infeasible: 10 });
  });
});

describe("steerAtFinal", () => {
  /** f = M s, and every answer y_k has its own direction: the k-th axis. */
  function planted() {
    const answers = 6;
    const draws = random(3);
    const f = zeros(36, d);
    for (let a = 0; a < f.rows; a++) {
      f.data[a * d + (a % answers)] = 6;
      for (let j = answers; j < d; j++) f.data[a * d + j] = draws.normal();
    }
    const g = zeros(vocabulary, d);
    for (let y = 0; y < vocabulary; y++) {
      if (y < answers) g.data[y * d + y] = 1;
      else for (let j = answers; j < d; j++) g.data[y * d + j] = 0.3 * draws.normal();
    }
    return { f, g, answers };
  }

  it("flips exactly its answers along planted directions", () => {
    const { f, g, answers } = planted();
    const model = { f, g };
    const logits = logitsOf(model);
    const pairs = Array.from({ length: 12 }, (_, i): FinalSteeringPair => {
      const [from, to] = [i % answers, (i + 2) % answers];
      return { prompt: i, from, to, gap: 12, fold: i % 5 };
    });
    const problem: FinalSteeringProblem = {
      vocabulary,
      contexts: { gram: gramOf(model), logits: logits.data, folds: Int32Array.from({ length: 36 }, (_, a) => a % 5) },
      prompts: logits.data.slice(0, 12 * vocabulary),
      pairs,
      // Tokens that the answers' axes do not reach.
      neutral: [[20, 21, 22]],
      controls: logits.data.slice(24 * vocabulary),
    };
    const { figures } = steerAtFinal(problem, { alphas: [0, 0.4, 0.6, 1], seed: 1, random: true });
    expect(figures.map(({ successes }) => successes)).toEqual([0, 0, 12, 12]);
    expect(figures.map(({ randomSuccesses }) => randomSuccesses)).toEqual([0, 0, 0, 0]);
    expect(figures.map(({ n, controlN }) => [n, controlN])).toEqual(Array.from({ length: 4 }, () => [12, 12]));
    expect(figures[0]).toMatchObject({ controlKl: 0, controlKept: 1 });
    expect(figures[3]!.targetLogProbability).toBeGreaterThan(figures[0]!.targetLogProbability + 3);
    expect(figures[3]!.sourceLogProbability).toBeLessThan(figures[0]!.sourceLogProbability - 3);
  });

  it("exchanges p(a) and p(b) where the gap is twice the log-odds", () => {
    const problem = problemOf(own);
    const { figures } = steerAtFinal(problem, { alphas: [0, 1], seed: 1, random: false });
    const meanGap = problem.pairs.reduce((sum, { gap }) => sum + gap, 0) / problem.pairs.length;
    const odds = figures.map((figure) => figure.targetLogProbability - figure.sourceLogProbability);
    expect(odds[1]! - odds[0]!).toBeCloseTo(meanGap, 9);
    expect(figures[0]!.randomSuccesses).toBeNull();
  });

  it.each<TwinFamily>(["changeOfBasis", "changeOfDimension"])("gives every twin the same figures: %s", (family) => {
    const options = { alphas: [0, 1, 4, 12], seed: 1, random: true };
    const original = steerAtFinal(problemOf(own), options).figures;
    expect(new Set(original.map(({ successes }) => successes)).size).toBeGreaterThan(1);
    const euclidean = vectors(own, problemOf(own)).map(({ v }) => Math.hypot(...v.data));
    for (let seed = 0; seed < 3; seed++) {
      const twin = twinOf({ f: [own.f], g: own.g }, family, { random: random(seed) });
      const model = { f: twin.f[0]!, g: twin.g };
      const found = steerAtFinal(problemOf(model), options).figures;
      found.forEach((figure, k) => {
        const { targetLogProbability, sourceLogProbability, controlKl, ...counts } = figure;
        expect(original[k]).toMatchObject(counts);
        expect(targetLogProbability).toBeCloseTo(original[k]!.targetLogProbability, 6);
        expect(sourceLogProbability).toBeCloseTo(original[k]!.sourceLogProbability, 6);
        expect(controlKl).toBeCloseTo(original[k]!.controlKl!, 6);
      });
      // The raw length of the vectors is a matter of the basis.
      const raw = vectors(model, problemOf(model)).map(({ v }) => Math.hypot(...v.data));
      expect(largestDifference(raw, euclidean)).toBeGreaterThan(1e-2);
    }
  });
});

describe("steeredPredictions", () => {
  it("agree with the definitions", () => {
    const logits = Float64Array.from(gaussian(1, 30, 1).data);
    const change = gaussian(1, 30, 2).data;
    const logP = (alpha: number) => {
      const shifted = { rows: 1, cols: 30, data: logits.map((x, y) => x + alpha * change[y]!) };
      // f = 1 and g = the logits themselves.
      return logProbabilities({ rows: 1, cols: 1, data: Float64Array.of(1) }, transpose(shifted)).data;
    };
    const before = logP(0);
    steeredPredictions(logits, change, [0, 0.7, 3]).forEach(({ kl, top, logProbability }, k) => {
      const after = logP([0, 0.7, 3][k]!);
      expect(kl).toBeCloseTo(
        before.reduce((sum, x, y) => sum + Math.exp(x) * (x - after[y]!), 0),
        12,
      );
      expect(top).toBe(after.indexOf(Math.max(...after)));
      expect(logProbability(17)).toBeCloseTo(after[17]!, 12);
    });
  });
});

describe("directionCoupling", () => {
  it("is the share of one read-out in another's shortest move", () => {
    const gram = gramOf(own);
    const ids = [3, 8, 20];
    const values = multiplyTransposed(selectRows(own.g, ids), own.f);
    const matrix = directionCoupling(gram, values)!;
    const { factor } = geometryOf(own.g);
    const solved = choleskySolve(multiplyTransposed(factor, factor), transpose(selectRows(own.g, ids)));
    const inner = multiply(selectRows(own.g, ids), solved);
    matrix.forEach((line, i) => line.forEach((x, j) => expect(x).toBeCloseTo(inner.data[i * 3 + j]! / inner.data[i * 4]!, 8))); // prettier-ignore
    expect(matrix.map((line, i) => line[i])).toEqual([1, 1, 1]);
    expect(Math.abs(matrix[0]![1]! - matrix[1]![0]!)).toBeGreaterThan(1e-3);
  });

  it("is the identity for directions that the metric keeps apart, and null for one that reads nothing", () => {
    const { factor } = geometryOf(own.g);
    const apart = transpose(multiply(factor, svd(gaussian(d, 3, 4)).u));
    const matrix = directionCoupling(gramOf(own), multiplyTransposed(apart, own.f))!;
    expect(largestDifference(matrix.flat(), [1, 0, 0, 0, 1, 0, 0, 0, 1])).toBeLessThan(1e-7);
    expect(directionCoupling(gramOf(own), { rows: 1, cols: contexts, data: new Float64Array(contexts).fill(3) })).toBeNull(); // prettier-ignore
  });

  it("is the same in every twin", () => {
    const ids = [3, 8, 20];
    const of = ({ f, g }: Model) => directionCoupling(gramOf({ f, g }), multiplyTransposed(selectRows(g, ids), f))!.flat(); // prettier-ignore
    for (const family of ["changeOfBasis", "changeOfDimension"] as const) {
      const twin = twinOf({ f: [own.f], g: own.g }, family, { random: random(4) });
      expect(largestDifference(of({ f: twin.f[0]!, g: twin.g }), of(own))).toBeLessThan(1e-8);
    }
  });
});

describe("contextSpan", () => {
  it("keeps lengths, read-outs and a sum of weights of zero, for any choice of contexts", () => {
    const gram = gramOf(own);
    const embedded = geometryOf(own.g).embed(own.f);
    const chosen = [3, 4, 5, 9, 20, 31, 33];
    const span = contextSpan(gram, chosen);
    expect(span.rank).toBe(6);
    const z = gaussian(2, span.rank, 1);
    const weights = span.weights(z);
    const w = multiply(weights, selectRows(embedded, chosen));
    expect(largestDifference(multiplyTransposed(w, w).data, multiplyTransposed(z, z).data)).toBeLessThan(1e-9);
    const target = gaussian(1, embedded.cols, 2);
    const readOut = span.readOuts(multiplyTransposed(target, embedded));
    expect(dot(row(readOut, 0), row(z, 1))).toBeCloseTo(dot(row(w, 1), target.data), 9);
    for (const q of [0, 1]) expect(Math.abs(row(weights, q).reduce((sum, x) => sum + x, 0))).toBeLessThan(1e-10);
  });
});

describe("steeringPairs", () => {
  it("is a derangement within five folds where all answers differ", () => {
    const { pairs, folds } = steeringPairs(Array.from({ length: 23 }, (_, i) => i), 7, 100); // prettier-ignore
    expect(pairs).toHaveLength(23);
    expect(new Set(pairs.map(({ subject }) => subject)).size).toBe(23);
    expect(new Set(pairs.map(({ target }) => target)).size).toBe(23);
    for (const { subject, target, fold } of pairs) {
      expect(subject).not.toBe(target);
      expect([folds[subject], folds[target]]).toEqual([fold, fold]);
    }
  });

  it("never pairs equal answers, and leaves out whom no other answer is near", () => {
    const answers = Array.from({ length: 20 }, (_, i) => (i === 0 ? 1 : 0));
    const { pairs, folds } = steeringPairs(answers, 7, 100);
    expect(pairs).toHaveLength(4);
    for (const { subject, target } of pairs) expect(answers[subject]).not.toBe(answers[target]);
    for (const { subject } of pairs) expect(folds[subject]).toBe(folds[0]);
  });

  it("does not change its first pairs with their number, and takes the smallest relations", () => {
    const answers = Array.from({ length: 30 }, (_, i) => i % 7);
    expect(steeringPairs(answers, 1, 8).pairs).toEqual(steeringPairs(answers, 1, 40).pairs.slice(0, 8));
    expect(steeringPairs(answers, 2, 8).pairs).not.toEqual(steeringPairs(answers, 1, 8).pairs);
    expect(steeringPairs([1, 2, 3], 1, 40)).toMatchObject({ foldCount: 1, pairs: [{}, {}, {}] });
    expect(steeringPairs([], 1, 40).pairs).toEqual([]);
  });
});
