import { describe, expect, it } from "vitest";
import { conditionalEntropy, simulationContexts } from "../../../../src/engine/analysis/origins/simulationContexts";
import { aliasSampler } from "../../../../src/engine/analysis/origins/simulationSampler";
import {
  conceptGraph,
  jointDistribution,
  simulationWorld,
} from "../../../../src/engine/analysis/origins/simulationWorld";
import { random } from "../../../../src/engine/linalg/random";

const bit = (string: number, i: number) => (string >> i) & 1;
const all = { seed: 3, run: 0, masks: 1, strings: 1 };

describe("the graph of concepts", () => {
  it("has edges from earlier to later concepts, about half of the pairs", () => {
    const graphs = Array.from({ length: 200 }, (_, seed) => conceptGraph(6, random(seed, "graph")));
    for (const { edges, order } of graphs) {
      expect([...order].sort()).toEqual([0, 1, 2, 3, 4, 5]);
      expect(edges.every(([parent, child]) => order.indexOf(parent) < order.indexOf(child))).toBe(true);
    }
    const share = graphs.reduce((sum, { edges }) => sum + edges.length, 0) / (200 * 15);
    expect(Math.abs(share - 0.5)).toBeLessThan(0.04);
  });

  it("has conditionals that fill [0.3, 0.7], one for each configuration of the parents", () => {
    const tables = Array.from({ length: 100 }, (_, seed) => conceptGraph(5, random(seed, "graph")));
    for (const { edges, conditionals } of tables) {
      conditionals.forEach((table, concept) =>
        expect(table.length).toBe(2 ** edges.filter(([, child]) => child === concept).length),
      );
    }
    const values = tables.flatMap(({ conditionals }) => conditionals.flatMap((table) => [...table]));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0.3);
    expect(Math.min(...values)).toBeLessThan(0.31);
    expect(Math.max(...values)).toBeLessThanOrEqual(0.7);
    expect(Math.max(...values)).toBeGreaterThan(0.69);
  });

  it("gives the product of the conditionals along a chain", () => {
    const graph = {
      edges: [
        [2, 0],
        [0, 1],
        [2, 1],
      ] as const,
      order: [2, 0, 1],
      conditionals: [Float64Array.of(0.4, 0.6), Float64Array.of(0.31, 0.32, 0.33, 0.34), Float64Array.of(0.7)],
    };
    const joint = jointDistribution(graph);
    // c0 = 1, c1 = 0, c2 = 1: P(c2) = 0.7, P(c0 | c2 = 1) = 0.6, P(not c1 | c0 = 1, c2 = 1) = 1 − 0.34.
    expect(joint[0b101]).toBeCloseTo(0.7 * 0.6 * 0.66, 15);
    // c0 = 0, c1 = 1, c2 = 1: the lowest parent is the lowest bit of the configuration.
    expect(joint[0b110]).toBeCloseTo(0.7 * 0.4 * 0.33, 15);
    expect(joint.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 14);
  });
});

describe("the contexts of a world", () => {
  it.each([3, 5])("are 3^m for %d concepts, each a string under a mask", (concepts) => {
    const world = simulationWorld({ ...all, concepts });
    const contexts = simulationContexts(world);
    expect(contexts.count).toBe(3 ** concepts);
    const names = Array.from(contexts.masks, (mask, x) =>
      Array.from({ length: concepts }, (_, i) => (bit(mask, i) ? "?" : bit(contexts.visible[x]!, i))).join(""),
    );
    expect(new Set(names).size).toBe(3 ** concepts);
    contexts.of.forEach((x, i) => {
      const string = world.strings[i % world.strings.length]!;
      for (let j = 0; j < concepts; j++) expect(["?", String(bit(string, j))]).toContain(names[x]![j]);
    });
    expect(contexts.probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
  });

  it("leave the entropy that enumerating every mask and string leaves", () => {
    const world = simulationWorld({ ...all, concepts: 4, strings: 0.7, masks: 0.6 });
    let entropy = 0;
    for (const mask of world.masks) {
      world.strings.forEach((string, i) => {
        const alike = [...world.strings].map((other, j) => ((other ^ string) & ~mask ? 0 : world.probabilities[j]!));
        const posterior = world.probabilities[i]! / alike.reduce((sum, p) => sum + p, 0);
        entropy -= (world.probabilities[i]! * Math.log(posterior)) / world.masks.length;
      });
    }
    expect(conditionalEntropy(world, simulationContexts(world))).toBeCloseTo(entropy, 12);
  });

  it("is ln 2 for each hidden concept where concepts are fair coins", () => {
    const world = { ...simulationWorld({ ...all, concepts: 3 }), probabilities: new Float64Array(8).fill(1 / 8) };
    expect(conditionalEntropy(world, simulationContexts(world))).toBeCloseTo(1.5 * Math.LN2, 13);
  });

  it("leave out strings and masks at random under the seed", () => {
    const world = (seed: number) => simulationWorld({ ...all, seed, concepts: 5, strings: 0.5, masks: 0.25 });
    const { strings, masks, probabilities } = world(1);
    expect([strings.length, masks.length, new Set(strings).size, new Set(masks).size]).toEqual([16, 8, 16, 8]);
    expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 14);
    expect(world(1)).toEqual(world(1));
    expect(world(2).strings).not.toEqual(strings);
    expect(world(2).masks).not.toEqual(masks);
    expect(simulationContexts(world(1)).count).toBeLessThanOrEqual(8 * 16);
  });
});

describe("the alias sampler", () => {
  it("draws with the given probabilities", () => {
    const probabilities = Float64Array.of(0.5, 0.02, 0, 0.18, 0.3);
    const draw = aliasSampler(probabilities, random(5, "alias"));
    const counts = new Float64Array(5);
    const n = 200_000;
    for (let i = 0; i < n; i++) counts[draw()]!++;
    probabilities.forEach((p, i) => {
      const deviation = Math.sqrt((p * (1 - p)) / n);
      expect(Math.abs(counts[i]! / n - p)).toBeLessThanOrEqual(4 * deviation);
    });
  });
});
