import { describe, expect, it } from "vitest";
import {
  continueSimulation,
  startSimulation,
  type RunOptions,
} from "../../../../src/engine/analysis/origins/simulation";
import { isFlat } from "../../../../src/engine/analysis/origins/simulationConvergence";

const options = (concepts: number, more: Partial<RunOptions> = {}): RunOptions => ({
  concepts,
  dimension: concepts,
  optimizer: "sgd",
  seed: 0,
  run: 0,
  masks: 1,
  strings: 1,
  ...more,
});

function trained(run: RunOptions, steps: number) {
  const start = startSimulation(run);
  return { start, end: continueSimulation(run, start.state, steps).figures };
}

describe("a run of the simulation", () => {
  it("begins with random directions and the loss of a guess", () => {
    const { figures, lossFloor, state } = startSimulation(options(6));
    expect(figures.step).toBe(0);
    expect(figures.loss).toBeCloseTo(6 * Math.LN2, 3);
    expect(lossFloor).toBeLessThan(6 * Math.LN2 * 0.5);
    for (const cosine of [figures.unembedding, figures.embedding, figures.cross]) {
      expect(Math.abs(cosine ?? NaN)).toBeLessThan(0.1);
    }
    const deviation = Math.sqrt(state.f.reduce((sum, value) => sum + value * value, 0) / state.f.length);
    expect(deviation).toBeGreaterThan(0.0097);
    expect(deviation).toBeLessThan(0.0103);
  });

  it.each([
    ["sgd", 3, 12_000],
    ["adam", 3, 10_000],
    ["sgd", 4, 60_000],
  ] as const)(
    "comes with %s and %d concepts close to the lowest loss, and has parallel steering vectors",
    (optimizer, m, steps) => {
      const { start, end } = trained(options(m, { optimizer }), steps);
      const learned = (start.figures.loss - end.loss) / (start.figures.loss - start.lossFloor);
      expect(learned).toBeGreaterThan(0.98);
      expect(learned).toBeLessThan(1);
      for (const cosine of [end.unembedding, end.cross]) expect(cosine).toBeGreaterThan(0.94);
      expect(end.embedding).toBeGreaterThan(0.9);
      expect(end.betweenConcepts).toBeLessThan(0.2);
    },
  );

  it("goes on from its state as it would have without a stop, but for the samples", () => {
    const run = options(3);
    const start = startSimulation(run);
    const first = continueSimulation(run, start.state, 50);
    expect(first.state.step).toBe(50);
    expect(first.figures.step).toBe(50);
    const clone = structuredClone(first.state);
    expect(continueSimulation(run, clone, 50)).toEqual(continueSimulation(run, first.state, 50));
  });

  it("is the same under the same seed, and another with another seed or run", () => {
    const end = (more: Partial<RunOptions>) => trained(options(3, more), 200).end;
    expect(end({})).toEqual(end({}));
    expect(end({ seed: 1 }).loss).not.toBe(end({}).loss);
    expect(end({ run: 1 }).loss).not.toBe(end({}).loss);
  });

  it("does not get below the lowest loss with fewer dimensions, strings or masks", () => {
    const cases = [{ dimension: 2 }, { strings: 0.75 }, { masks: 0.5 }, { dimension: 1, strings: 0.8, masks: 0.8 }];
    for (const more of cases) {
      const { start, end } = trained(options(4, more), 4000);
      expect(end.loss).toBeLessThan(start.figures.loss);
      expect(end.loss).toBeGreaterThan(start.lossFloor);
    }
    const wide = trained(options(4), 20_000);
    const narrow = trained(options(4, { dimension: 1 }), 20_000);
    expect(narrow.end.loss).toBeGreaterThan(wide.end.loss + 0.1);
  });
});

describe("a flat curve", () => {
  const figures = startSimulation(options(3)).figures;
  const curve = (loss: (i: number) => number, embedding: (i: number) => number = () => 0.9) =>
    Array.from({ length: 41 }, (_, i) => ({ ...figures, step: i * 100, loss: loss(i), embedding: embedding(i) }));

  it("is one whose loss and cosines have stopped", () => {
    expect(
      isFlat(
        curve((i) => 1 + Math.exp(-i)),
        1,
      ),
    ).toBe(true);
  });

  it("is not one that still falls, that turns, that has hardly begun or that learns nothing", () => {
    expect(
      isFlat(
        curve((i) => 2 - i / 80),
        1,
      ),
    ).toBe(false);
    expect(
      isFlat(
        curve(
          (i) => 1 + Math.exp(-i),
          (i) => i / 100,
        ),
        1,
      ),
    ).toBe(false);
    expect(isFlat(curve((i) => 1 + Math.exp(-i)).slice(0, 10), 1)).toBe(false);
    expect(
      isFlat(
        curve(() => 2),
        1,
      ),
    ).toBe(false);
    expect(isFlat([], 1)).toBe(false);
  });
});
