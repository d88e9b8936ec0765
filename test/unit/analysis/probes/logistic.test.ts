import { describe, expect, it } from "vitest";
import { logisticRegression, logProbabilities, type LogisticModel, type LogisticProblem } from "../../../../src/engine/analysis/probes/logisticRegression"; // prettier-ignore
import { fromRows, row, selectRows, zeros, type Matrix } from "../../../../src/engine/linalg/matrix";
import { random } from "../../../../src/engine/linalg/random";
import { gaussian, relativeDifference } from "../toyModel";

interface Theta {
  readonly weights: Matrix;
  readonly intercepts: Float64Array;
}

/** The objective and its gradient, written out from the definition with all classes. */
function objective(
  { inputs, labels, classes, rowWeights }: LogisticProblem,
  { weights, intercepts }: Theta,
  lambda: number,
) {
  const k = inputs.cols;
  const total = Array.from(labels, (_, i) => rowWeights?.[i] ?? 1).reduce((a, b) => a + b, 0);
  const gradient = { weights: zeros(classes, k), intercepts: new Float64Array(classes) };
  let value = 0;
  for (let i = 0; i < labels.length; i++) {
    const share = (rowWeights?.[i] ?? 1) / total;
    const scores = Array.from({ length: classes }, (_, c) => row(inputs, i).reduce((sum, z, a) => sum + z * weights.data[c * k + a]!, intercepts[c]!)); // prettier-ignore
    const sum = scores.reduce((s, x) => s + Math.exp(x), 0);
    value += share * (Math.log(sum) - scores[labels[i]!]!);
    scores.forEach((score, c) => {
      const factor = share * (Math.exp(score) / sum - (labels[i] === c ? 1 : 0));
      gradient.intercepts[c]! += factor;
      for (let a = 0; a < k; a++) gradient.weights.data[c * k + a]! += factor * inputs.data[i * k + a]!;
    });
  }
  weights.data.forEach((w, j) => {
    value += (lambda / 2) * w * w;
    gradient.weights.data[j]! += lambda * w;
  });
  return { value, gradient };
}

function norm({ weights, intercepts }: Theta): number {
  return Math.hypot(...weights.data, ...intercepts);
}

function problem(n: number, k: number, classes: number, seed: number): LogisticProblem {
  const draws = random(seed);
  return { inputs: gaussian(n, k, seed), labels: Int32Array.from({ length: n }, (_, i) => (i < classes ? i : draws.integer(classes))), classes }; // prettier-ignore
}

const zero = ({ classes, inputs }: LogisticProblem): Theta => ({
  weights: zeros(classes, inputs.cols),
  intercepts: new Float64Array(classes),
});

describe("logisticRegression", () => {
  it("gives the solution computed by hand in one dimension", () => {
    // Points ±1 of opposite classes: b = 0, and the slope v = W_1 − W_0 solves 1/(1 + e^v) = λ v / 2; v = 1 at λ = 2/(1 + e).
    const model = logisticRegression(
      { inputs: fromRows([[1], [-1]]), labels: [1, 0], classes: 2 },
      { lambda: 2 / (1 + Math.E) },
    );
    expect(model.weights.data[1]).toBeCloseTo(0.5, 8);
    expect(model.weights.data[0]).toBeCloseTo(-0.5, 8);
    expect(model.intercepts[1]).toBeCloseTo(0, 8);
    expect(Math.exp(logProbabilities(model, fromRows([[1]])).data[1]!)).toBeCloseTo(Math.E / (1 + Math.E), 8);
  });

  it("gives the class frequencies where there is nothing else to go by", () => {
    const labels = [0, 0, 0, 1, 2, 2];
    const { intercepts, weights } = logisticRegression({ inputs: zeros(6, 2), labels, classes: 3 }, { lambda: 1 });
    expect(intercepts[0]! - intercepts[1]!).toBeCloseTo(Math.log(3), 7);
    expect(intercepts[2]! - intercepts[1]!).toBeCloseTo(Math.log(2), 7);
    expect(weights.data.every((w) => Math.abs(w) < 1e-12)).toBe(true);
  });

  it.each([
    [20, 6, 2, 1e-1],
    [20, 30, 2, 1e-5],
    [40, 8, 3, 1e-2],
    [60, 40, 6, 1e-5],
    [60, 40, 6, 10],
  ])("is stationary to 1e-8: %i rows, %i inputs, %i classes, λ %f", (n, k, classes, lambda) => {
    const task = problem(n, k, classes, n + k);
    const model = logisticRegression(task, { lambda });
    const initial = norm(objective(task, zero(task), lambda).gradient);
    // Two classes are solved as one output, whose gradient is √2 larger.
    expect(norm(objective(task, model, lambda).gradient) / initial).toBeLessThan(1.5e-8);
    expect(model.residual).toBeLessThan(1e-8);
  });

  it.each([2, 3])("equals plain gradient descent, %i classes", (classes) => {
    const task = problem(30, 4, classes, 5);
    const lambda = 0.05;
    const theta = zero(task);
    for (let iteration = 0; iteration < 4000; iteration++) {
      const { gradient } = objective(task, theta, lambda);
      gradient.weights.data.forEach((g, j) => (theta.weights.data[j]! -= 0.5 * g));
      gradient.intercepts.forEach((g, c) => (theta.intercepts[c]! -= 0.5 * g));
    }
    const model = logisticRegression(task, { lambda });
    expect(relativeDifference(model.weights.data, theta.weights.data)).toBeLessThan(1e-6);
    expect(relativeDifference(logProbabilities(model, task.inputs).data, logProbabilities({ ...model, ...theta }, task.inputs).data)).toBeLessThan(1e-6); // prettier-ignore
  });

  it("reaches the same minimum from a solution for another λ", () => {
    const task = problem(40, 20, 4, 9);
    const start = logisticRegression(task, { lambda: 1 });
    const warm = logisticRegression(task, { lambda: 1e-3, start });
    expect(relativeDifference(warm.weights.data, logisticRegression(task, { lambda: 1e-3 }).weights.data)).toBeLessThan(
      1e-5,
    );
    expect(start.weights.data).not.toEqual(warm.weights.data);
  });

  it("treats a weight of 2 as the row twice, and a weight of 0 as no row", () => {
    const task = problem(12, 5, 3, 3);
    const rowWeights = [2, 0, 1, 1, 1, 2, 1, 0, 1, 1, 1, 1];
    const rows = rowWeights.flatMap((count, i) => Array<number>(count).fill(i));
    const repeated = { ...task, inputs: selectRows(task.inputs, rows), labels: rows.map((i) => task.labels[i]!) };
    const weighted = logisticRegression({ ...task, rowWeights }, { lambda: 0.1 });
    const expected = logisticRegression(repeated, { lambda: 0.1 });
    expect(relativeDifference(weighted.weights.data, expected.weights.data)).toBeLessThan(1e-7);
  });

  it("gives a class without rows no probability, and a lone class all of it", () => {
    const inputs = gaussian(6, 3, 1);
    const without = logisticRegression({ inputs, labels: [0, 2, 0, 2, 0, 2], classes: 3 }, { lambda: 0.1 });
    const known = logisticRegression({ inputs, labels: [0, 1, 0, 1, 0, 1], classes: 2 }, { lambda: 0.1 });
    const probabilities = logProbabilities(without, inputs);
    expect(probabilities.data[1]).toBe(-Infinity);
    expect(probabilities.data[2]).toBeCloseTo(logProbabilities(known, inputs).data[1]!, 7);
    const lone: LogisticModel = logisticRegression({ inputs, labels: [1, 1, 1, 1, 1, 1], classes: 2 }, { lambda: 0.1 });
    expect(Array.from(logProbabilities(lone, inputs).data)).toEqual(Array.from({ length: 12 }, (_, i) => (i % 2 === 1 ? 0 : -Infinity))); // prettier-ignore
  });
});
