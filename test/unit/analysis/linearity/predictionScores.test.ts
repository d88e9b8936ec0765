import { describe, expect, it } from "vitest";
import { predictedAnswers, scorePredictions, type LogitSource, type Predictions } from "../../../../src/engine/analysis/linearity/predictionScores"; // prettier-ignore
import { row, zeros, type Matrix } from "../../../../src/engine/linalg/matrix";
import { centre } from "../relationModel";
import { gaussian } from "../toyModel";

const [rows, answers, size] = [5, 4, 700];
/** Logits that grow along the vocabulary, so that every chunk of it has a larger one than those before. */
const rising = (n: number, seed: number): Matrix => {
  const draws = gaussian(n, size, seed);
  return { ...draws, data: draws.data.map((x, k) => 3 * x + (k % size) / 40) };
};
const source = (n: number, seed: number): LogitSource & { full: Matrix } => {
  const full = rising(n, seed);
  return { answers: centre(gaussian(n, answers, seed + 1)), vocabulary: [full.data], full };
};
const sources = [source(rows, 1), source(3, 7)];

/** The logits that the terms stand for, one entry at a time. */
function direct({ of, terms }: Predictions, of_: (s: number) => Matrix, width: number): Matrix {
  const out = zeros(rows, width);
  for (let i = 0; i < rows; i++) {
    const k = of?.[i] ?? i;
    for (const term of terms) {
      const values = of_(term.source);
      const line = term.of?.[k] ?? k;
      for (let j = 0; j < values.rows; j++) {
        const weight = term.weights === null ? (j === line ? 1 : 0) : row(term.weights, line)[j]!;
        for (let v = 0; v < width; v++) out.data[i * width + v]! += weight * row(values, j)[v]!;
      }
    }
  }
  return out;
}

const softmax = (x: Float64Array) => {
  const sum = x.reduce((total, value) => total + Math.exp(value), 0);
  return x.map((value) => Math.exp(value) / sum);
};
const top = (x: Float64Array) => x.indexOf(Math.max(...x));

const sets: Predictions[] = [
  { count: rows, terms: [{ source: 0, weights: gaussian(rows, rows, 3) }] },
  { count: rows, terms: [{ source: 0, weights: null }] },
  { count: 2, of: Int32Array.of(0, 1, 1, 0, 1), terms: [{ source: 0, weights: gaussian(2, rows, 4) }] },
  {
    count: rows,
    terms: [
      { source: 0, weights: null },
      { source: 1, weights: gaussian(2, 3, 5), of: Int32Array.of(1, 0, 0, 1, 1) },
    ],
  },
];

describe("scores of predictions", () => {
  const scores = scorePredictions(sources, sets);

  it.each(sets.map((_, s) => s))("are those of the logits that the terms stand for (set %i)", (s) => {
    const predicted = direct(sets[s]!, (k) => sources[k]!.full, size);
    const inAnswers = direct(sets[s]!, (k) => sources[k]!.answers, answers);
    predictedAnswers(sources, sets[s]!).data.forEach((x, k) => expect(x).toBeCloseTo(inAnswers.data[k]!, 12));
    const score = scores[s]!;
    const divergence = (p: Float64Array, q: Float64Array) =>
      softmax(p).reduce((sum, x, v) => sum + x * Math.log(x / softmax(q)[v]!), 0);
    for (let i = 0; i < rows; i++) {
      const [own, other] = [row(sources[0]!.full, i), row(predicted, i)];
      expect(score.tops![i]).toBe(top(other));
      expect(score.agrees![i]).toBe(top(other) === top(own));
      expect(score.kl![i]).toBeCloseTo(divergence(own, other), 8);
      const [ownAnswers, otherAnswers] = [row(sources[0]!.answers, i), row(inAnswers, i)];
      expect(score.agreesInAnswers[i]).toBe(top(otherAnswers) === top(ownAnswers));
      expect(score.klInAnswers[i]).toBeCloseTo(divergence(ownAnswers, otherAnswers), 10);
    }
  });

  it("of the model's own logits are perfect", () => {
    expect(Math.max(...scores[1]!.kl!)).toBeLessThan(1e-12);
    expect(scores[1]!.agrees).toEqual(Array(rows).fill(true));
    expect(Math.max(...scores[0]!.kl!)).toBeGreaterThan(0.1);
  });

  it("take templates' arrays one after the other as one", () => {
    const [first, second] = [sources[0]!.full.data.slice(0, 2 * size), sources[0]!.full.data.slice(2 * size)];
    const apart = [{ ...sources[0]!, vocabulary: [first, second] }, sources[1]!];
    expect(scorePredictions(apart, sets)).toEqual(scores);
  });

  it("leave the vocabulary out where a source has none", () => {
    const [first] = scorePredictions([sources[0]!, { ...sources[1]!, vocabulary: null }], sets);
    expect(first).toMatchObject({ agrees: null, tops: null, kl: null, klInAnswers: scores[0]!.klInAnswers });
  });
});
