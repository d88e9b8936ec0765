import { describe, expect, it } from "vitest";
import { complexity } from "../../../src/engine/analysis/comparison/complexity";
import { inline } from "../../../src/engine/compute/tasks";
import {
  equivalenceSteps,
  linearEquivalence,
  type EquivalenceFigures,
  type EquivalenceInput,
} from "../../../src/engine/comparison/linearEquivalence";
import { comparisonOf, noisy, toyModel, twin } from "../analysis/comparison/modelPair";

const found = (input: EquivalenceInput) => linearEquivalence(input, inline, (task) => task);
const figuresOf = async (...args: Parameters<typeof comparisonOf>) => (await found(comparisonOf(...args)))!.figures;

const model = toyModel(1);

describe("linear equivalence", () => {
  it.each(["changeOfBasis", "changeOfDimension"] as const)("of an exact twin: %s", async (family) => {
    const other = twin(model, family, 3);
    const figures = await figuresOf(model, other);
    expect(figures.r2Forward.value).toBeGreaterThan(0.99999);
    expect(figures.r2Backward.value).toBeGreaterThan(0.99999);
    expect(figures.meanCanonicalCorrelation.value).toBeCloseTo(1, 9);
    expect(figures.cka.value).toBeCloseTo(1, 9);
    expect(figures.dSvd.value).toBeLessThan(1e-9);
    expect(figures.ckaEuclidean.value).toBeLessThan(0.95);
    expect(complexity(other.x).rank).toBe(complexity(model.x).rank);
    expect(complexity(other.x).centredRank).toBe(complexity(model.x).centredRank);
    expect(complexity(other.x).participationRatio).toBeCloseTo(complexity(model.x).participationRatio, 6);
  });

  it("says of a twin what it says of the model, but for the Euclidean figures", async () => {
    const third = noisy(toyModel(1), 0.3, 8);
    const own = await figuresOf(model, third);
    const others = await figuresOf(twin(model, "changeOfDimension", 4), third);
    for (const [name, figure] of Object.entries(own) as [keyof EquivalenceFigures["figures"], typeof own.cka][]) {
      const other = others[name];
      if (figure.identifiable === "always") {
        expect(other.value).toBeCloseTo(figure.value, 6);
        expect(other.interval![0]).toBeCloseTo(figure.interval![0], 6);
        expect(other.nullMean!).toBeCloseTo(figure.nullMean!, 6);
      } else {
        expect(Math.abs(other.value - figure.value)).toBeGreaterThan(1e-3);
      }
    }
    expect(Object.values(own).filter(({ identifiable }) => identifiable === "never")).toHaveLength(2);
  });

  it("of unrelated models is within the null", async () => {
    const figures = await figuresOf(model, toyModel(100, { d: 9 }));
    for (const name of ["r2Forward", "r2Backward", "meanCanonicalCorrelation", "cka", "ckaEuclidean"] as const) {
      const { value, nullMean, nullUpper, interval } = figures[name];
      expect(nullUpper!).toBeGreaterThanOrEqual(nullMean!);
      // Ten figures' worth of quantiles: what is above one is above it by little.
      expect(value).toBeLessThan(nullUpper! + 0.05);
      expect(interval![0]).toBeLessThanOrEqual(value);
      expect(interval![1]).toBeGreaterThanOrEqual(value);
    }
    expect(figures.r2Forward.value).toBeLessThan(0.05);
    expect(Math.abs(figures.meanCanonicalCorrelation.value)).toBeLessThan(0.15);
    expect(figures.dSvd.value).toBeGreaterThan(figures.dSvd.nullUpper! - 0.05);
    expect(figures.dSvd.nullUpper!).toBeLessThan(figures.dSvd.nullMean!);
  });

  it("falls as a model departs from the other", async () => {
    const [near, far] = await Promise.all([0.1, 0.6].map((size) => figuresOf(model, noisy(model, size, 5))));
    for (const name of ["r2Forward", "r2Backward", "meanCanonicalCorrelation", "cka"] as const) {
      expect(near![name].value).toBeGreaterThan(far![name].value + 0.02);
      expect(far![name].value).toBeGreaterThan(far![name].nullUpper! + 0.1);
      expect(near![name].interval![0]).toBeLessThanOrEqual(near![name].value);
      expect(near![name].interval![1]).toBeGreaterThanOrEqual(near![name].value);
    }
    expect(near!.dSvd.value).toBeLessThan(far!.dSvd.value);
  });

  it("is the same from the other side", async () => {
    const other = noisy(model, 0.4, 5);
    const [there, back] = [await figuresOf(model, other), await figuresOf(other, model)];
    expect(back.r2Backward.value).toBeCloseTo(there.r2Forward.value, 9);
    expect(back.r2Forward.value).toBeCloseTo(there.r2Backward.value, 9);
    expect(back.meanCanonicalCorrelation.value).toBeCloseTo(there.meanCanonicalCorrelation.value, 9);
    expect(back.cka.value).toBeCloseTo(there.cka.value, 12);
    expect(back.dSvd.value).toBeCloseTo(there.dSvd.value, 9);
  });

  it("is deterministic under the seed, and its folds depend on it", async () => {
    const other = noisy(model, 0.4, 5);
    const figures = await figuresOf(model, other, { seed: 1 });
    expect(await figuresOf(model, other, { seed: 1 })).toEqual(figures);
    expect((await figuresOf(model, other, { seed: 2 })).r2Forward.value).not.toBe(figures.r2Forward.value);
  });

  it("warns of maps that the contexts do not determine, or that hardly differ from none", async () => {
    const codes = async (...args: Parameters<typeof comparisonOf>) =>
      (await found(comparisonOf(...args)))!.warnings.map(({ code, where }) => `${where} ${code}`);
    const [few, edge] = ["comparison.equivalence few-contexts-for-equivalence", "comparison.equivalence lambda-edge"];
    expect(await codes(model, noisy(model, 0.3, 5))).toEqual([]);
    // The smallest λ is the right one for an exact map.
    expect(await codes(model, twin(model, "changeOfBasis", 3))).not.toContain(few);
    expect((await found(comparisonOf(model, model)))!.warnings).toEqual([]);
    const wide = toyModel(7, { n: 40, d: 60, tokens: 120 });
    expect(await codes(wide, noisy(wide, 0.3, 5))).toContain(few);
    expect(await codes(model, noisy(model, 0.01, 5))).toContain(edge);
  });

  it("is done in steps, all of which end when it is cancelled", async () => {
    let steps = 0;
    await linearEquivalence(comparisonOf(model, model), inline, (task) => {
      steps++;
      return task;
    });
    expect(steps).toBe(equivalenceSteps);
    const stopped = { run: () => Promise.reject(new Error("stopped")) };
    const input = { ...comparisonOf(model, model), complexities: Promise.reject(new Error("stopped")) };
    await expect(linearEquivalence(input, stopped, (task) => task)).rejects.toThrow("stopped");
  });

  it("works where contexts are fewer than dimensions", async () => {
    const wide = toyModel(7, { n: 40, d: 60, tokens: 120 });
    const figures = await figuresOf(wide, twin(wide, "changeOfBasis", 2));
    expect(figures.cka.value).toBeCloseTo(1, 9);
    // A map fitted on 32 contexts says nothing about the directions that they do not span.
    expect(figures.r2Forward.value).toBeLessThan(1);
    expect(figures.r2Forward.value).toBeGreaterThan(figures.r2Forward.nullUpper!);
  });

  it("needs two passages", async () => {
    expect(await found({ ...comparisonOf(model, model), passageOf: new Int32Array(200) })).toBeNull();
  });
});
