import { describe, expect, it } from "vitest";
import { predictedClasses } from "../../../../src/engine/analysis/probes/classificationScores";
import { fitMlp, mlpLogProbabilities, mlpObjective } from "../../../../src/engine/analysis/probes/mlp";
import { mlpProbe } from "../../../../src/engine/analysis/probes/mlpProbe";
import { probe } from "../../../../src/engine/analysis/probes/probes";
import { answerTask, conceptTask } from "../../../../src/engine/analysis/probes/probeTasks";
import { twinOf } from "../../../../src/engine/analysis/twins/twin";
import { row, type Matrix } from "../../../../src/engine/linalg/matrix";
import { random } from "../../../../src/engine/linalg/random";
import { distinctPairs, taskOf } from "./labelledRows";
import { gaussian, geometryOf } from "../toyModel";

const options = { seed: 1, where: "probes", standardise: false, controlDraws: 0, resamples: 0 };

/** Four clusters at the corners of a square in a space of d dimensions; opposite corners share a class. */
function corners(n: number, d: number, seed: number): { labels: number[]; inputs: Matrix } {
  const inputs = gaussian(n, d, seed);
  inputs.data.forEach((x, j) => (inputs.data[j] = 0.4 * x));
  const labels = Array.from({ length: n }, (_, i) => {
    const [x, y] = [i & 1 ? 1 : -1, i & 2 ? 1 : -1];
    row(inputs, i)[0]! += 2 * x;
    row(inputs, i)[1]! += 2 * y;
    return x === y ? 1 : 0;
  });
  return { labels, inputs };
}

const taskFor = (labels: readonly number[]) =>
  taskOf(
    answerTask(
      labels.map((label, subject) => ({ subject, template: 0, label })),
      1,
    ),
  );

describe("the probe with a hidden layer", () => {
  it("reads the exclusive or, at which a linear probe is no better than chance", () => {
    for (const seed of [1, 2, 3]) {
      const { labels, inputs } = corners(80, 8, seed);
      const task = taskFor(labels);
      expect(probe(task, inputs, options).figures.accuracy).toBeLessThan(0.65);
      const { figures } = mlpProbe(task, inputs, options);
      expect(figures.accuracy).toBeGreaterThan(0.95);
      expect(figures.auroc).toBeGreaterThan(0.97);
      expect(figures).toMatchObject({ estimator: "mlp", control: null, selectivity: null, n: 80, classes: 2 });
    }
  });

  it("reads hardly more than the linear probe where the labels are linear in the rows", () => {
    const gaps = [1, 2, 3, 4].map((seed) => {
      const inputs = gaussian(90, 10, seed);
      const noise = random(seed, "noise");
      const labels = Array.from({ length: 90 }, (_, i) => (row(inputs, i)[0]! + 0.3 * noise.normal() > 0 ? 1 : 0));
      const task = taskFor(labels);
      return mlpProbe(task, inputs, options).figures.accuracy - probe(task, inputs, options).figures.accuracy;
    });
    expect(gaps.reduce((a, b) => a + b) / gaps.length).toBeLessThan(0.03);
  });

  it("finds nothing in noise", () => {
    const shares = [1, 2, 3, 4, 5, 6].map((seed) => {
      const task = taskOf(conceptTask(distinctPairs(25), seed));
      return mlpProbe(task, gaussian(50, 20, seed), { ...options, seed }).figures.accuracy;
    });
    // 6 × 25 pairs: a standard error of about .03.
    expect(Math.abs(shares.reduce((a, b) => a + b) / 6 - 0.5)).toBeLessThan(0.12);
  });

  it("is the same for a twin and for the same seed, and another for another seed", () => {
    const g = gaussian(120, 12, 1);
    const { labels, inputs: f } = corners(48, 12, 2);
    const task = taskFor(labels);
    const own = mlpProbe(task, geometryOf(g).embed(f), options).figures;
    expect(mlpProbe(task, geometryOf(g).embed(f), options).figures).toEqual(own);
    expect(mlpProbe(task, geometryOf(g).embed(f), { ...options, seed: 2 }).figures.logLoss).not.toBe(own.logLoss);
    for (const family of ["changeOfBasis", "changeOfDimension"] as const) {
      const twin = twinOf({ f: [f], g }, family, { random: random(3), condition: 10 });
      const other = mlpProbe(task, geometryOf(twin.g).embed(twin.f[0]!), options).figures;
      expect(other.accuracy).toBe(own.accuracy);
      expect(Math.abs(other.logLoss / own.logLoss - 1)).toBeLessThan(1e-6);
    }
  });
});

describe("mlpObjective", () => {
  it.each([2, 4])("has the gradient that differences of its values give, %i classes", (classes) => {
    const inputs = gaussian(11, 5, 4);
    const labels = Array.from({ length: 11 }, (_, i) => i % classes);
    const { size, objective } = mlpObjective({ inputs, labels, classes }, { lambda: 0.1, width: 3 });
    const theta = gaussian(1, size, 5).data;
    // Padding has no gradient of its own and no influence.
    const gradient = new Float64Array(size);
    objective(theta, gradient);
    const unused = new Float64Array(size);
    for (let j = 0; j < size; j++) {
      const moved = (by: number) => {
        const point = theta.slice();
        point[j]! += by;
        return objective(point, unused);
      };
      expect((moved(1e-5) - moved(-1e-5)) / 2e-5).toBeCloseTo(gradient[j]!, 7);
    }
  });

  it("is the loss by hand of a network without hidden weights", () => {
    const { size, objective } = mlpObjective(
      { inputs: gaussian(4, 2, 1), labels: [0, 0, 0, 1], classes: 2 },
      { lambda: 1, width: 2 },
    );
    // Only the intercept of class 0: log(1 + e⁻¹) three times, log(1 + e) once; intercepts are free.
    const theta = new Float64Array(size);
    theta[size - 4] = 1;
    const value = objective(theta, new Float64Array(size));
    expect(value).toBeCloseTo((3 * Math.log(1 + Math.exp(-1)) + Math.log(1 + Math.E)) / 4, 12);
  });
});

describe("fitMlp", () => {
  it("ends where the gradient has all but vanished", () => {
    const { labels, inputs } = corners(20, 3, 4);
    const problem = { inputs, labels, classes: 2 };
    const fit = { lambda: 1e-2, width: 4 };
    const { size, objective } = mlpObjective(problem, fit);
    const slope = (iterations: number) => {
      const { hidden, output } = fitMlp(problem, { ...fit, random: random(1), iterations });
      const gradient = new Float64Array(size);
      objective(Float64Array.from([...hidden, ...output]), gradient);
      return Math.hypot(...gradient);
    };
    expect(slope(400)).toBeLessThan(1.1e-3 * slope(0));
    const outcome = mlpLogProbabilities(fitMlp(problem, { ...fit, random: random(1), iterations: 400 }), inputs, 2);
    expect(Array.from(predictedClasses(outcome))).toEqual(labels);
  });
});
