import { describe, expect, it } from "vitest";
import { noMoments } from "../../../../src/engine/analysis/origins/simulationAdam";
import { SimulationTrainer } from "../../../../src/engine/analysis/origins/simulationTrainer";
import { simulationContexts } from "../../../../src/engine/analysis/origins/simulationContexts";
import { simulationWorld } from "../../../../src/engine/analysis/origins/simulationWorld";
import { random } from "../../../../src/engine/linalg/random";
import { fromRows, transpose } from "../../../../src/engine/linalg/matrix";
import reference from "../../../fixtures/references/simulation.json";

/** What PyTorch's optimisers make of the same tables and batches: test/fixtures/references/simulation.py. */
describe("training", () => {
  const [f, g] = [fromRows(reference.f), transpose(fromRows(reference.g))];
  const shape = { contexts: f.rows, strings: g.cols, dimension: f.cols, batch: 100 };
  const moments = () => ({ f: noMoments(f.data.length), g: noMoments(g.data.length) });

  it.each([
    ["sgd", "at a stretch"],
    ["adam", "at a stretch"],
    ["sgd", "from the state of each step"],
    ["adam", "from the state of each step"],
  ] as const)("steps as PyTorch does with %s, %s", (optimizer, way) => {
    const start = { step: 0, f: f.data, g: g.data, moments: optimizer === "adam" ? moments() : null };
    let trainer = new SimulationTrainer(shape, start);
    reference.samples.forEach((samples, step) => {
      if (way !== "at a stretch") trainer = new SimulationTrainer(shape, structuredClone(trainer.state()));
      trainer.train(Int32Array.from(samples), Int32Array.from(reference.targets[step]!));
    });
    const end = trainer.state();
    expect(end.step).toBe(reference.samples.length);
    const expected = reference[optimizer];
    expect(farthest(end.f, fromRows(expected.f).data)).toBeLessThan(1e-13);
    expect(farthest(end.g, transpose(fromRows(expected.g)).data)).toBeLessThan(1e-13);
    expect(farthest(f.data, fromRows(expected.f).data)).toBeGreaterThan(1e-3);
  });

  it("leaves the state that it began with as it was", () => {
    const state = { step: 3, f: f.data.slice(), g: g.data.slice(), moments: moments() };
    const before = structuredClone(state);
    new SimulationTrainer(shape, structuredClone(state)).train(new Int32Array(100), new Int32Array(100));
    expect(state).toEqual(before);
  });
});

describe("the cross-entropy", () => {
  it("is the mean over every string and mask, each by its probability", () => {
    const world = simulationWorld({ concepts: 4, seed: 5, run: 2, strings: 0.75, masks: 0.8 });
    const contexts = simulationContexts(world);
    const [d, strings] = [3, world.strings.length];
    const draws = random(9, "tables");
    const table = (rows: number) => Float64Array.from({ length: rows * d }, () => draws.normal());
    const state = { step: 0, f: table(contexts.count), g: table(strings), moments: null };
    const found = new SimulationTrainer({ contexts: contexts.count, strings, dimension: d, batch: 100 }, state);
    let expected = 0;
    for (const mask of world.masks) {
      world.strings.forEach((string, target) => {
        const x = contexts.masks.findIndex((m, i) => m === mask && contexts.visible[i] === (string & ~mask));
        const logits = Array.from({ length: strings }, (_, y) => {
          let logit = 0;
          for (let k = 0; k < d; k++) logit += state.f[x * d + k]! * state.g[k * strings + y]!;
          return logit;
        });
        const partition = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
        expected += (world.probabilities[target]! / world.masks.length) * (Math.log(partition) - logits[target]!);
      });
    }
    expect(found.crossEntropy(world, contexts)).toBeCloseTo(expected, 12);
  });
});

const farthest = (a: Float64Array, b: Float64Array) => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
