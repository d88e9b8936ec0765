import { describe, expect, it } from "vitest";
import { simulationContexts } from "../../../../src/engine/analysis/origins/simulationContexts";
import { steeringCosines } from "../../../../src/engine/analysis/origins/simulationCosines";
import {
  embeddingPairs,
  steeringVectors,
  unembeddingPairs,
} from "../../../../src/engine/analysis/origins/simulationSteering";
import { simulationWorld } from "../../../../src/engine/analysis/origins/simulationWorld";
import { random } from "../../../../src/engine/linalg/random";

const d = 4;
const concepts = 3;

/** Steering vectors and their cosines, pair by pair, from the definitions. */
function bruteForce(strings: number, masks: number) {
  const world = simulationWorld({ concepts, seed: 4, run: 0, strings, masks });
  const contexts = simulationContexts(world);
  const draws = random(2, "tables");
  const table = (rows: number) => Float64Array.from({ length: rows * d }, () => draws.normal());
  const [f, g] = [table(contexts.count), table(world.strings.length)];
  const row = (rows: Float64Array, i: number) => [...rows.slice(i * d, (i + 1) * d)];
  const minus = (a: number[], b: number[]) => a.map((value, k) => value - b[k]!);
  const name = (x: number) =>
    Array.from({ length: concepts }, (_, i) =>
      (contexts.masks[x]! >> i) & 1 ? "?" : String((contexts.visible[x]! >> i) & 1),
    );
  const vectors = (names: string[][], rows: Float64Array) =>
    Array.from({ length: concepts }, (_, concept) =>
      names.flatMap((a, i) =>
        names.flatMap((b, j) => {
          const others = a.every((symbol, k) => k === concept || symbol === b[k]);
          return others && a[concept] === "1" && b[concept] === "0" ? [minus(row(rows, i), row(rows, j))] : [];
        }),
      ),
    );
  const bits = (string: number) => Array.from({ length: concepts }, (_, i) => String((string >> i) & 1));
  return {
    u: vectors([...world.strings].map(bits), g),
    e: vectors(
      Array.from({ length: contexts.count }, (_, x) => name(x)),
      f,
    ),
    found: steeringCosines(
      unembeddingPairs(world).map((pairs) => steeringVectors(pairs, g, d)),
      embeddingPairs(world, contexts).map((pairs) => steeringVectors(pairs, f, d)),
    ),
  };
}

const dot = (a: number[], b: number[]) => a.reduce((sum, value, k) => sum + value * b[k]!, 0);
const cosine = (a: number[], b: number[]) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
const mean = (values: number[]) => (values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length);
const between = (a: number[][], b: number[][]) =>
  mean(a.flatMap((x) => b.flatMap((y) => (x === y ? [] : cosine(x, y)))));

function expectMatrix(found: readonly (readonly (number | null)[])[], expected: (number | null)[][]) {
  expected.forEach((line, i) =>
    line.forEach((value, j) => {
      if (value === null) expect(found[i]![j]).toBeNull();
      else expect(found[i]![j]).toBeCloseTo(value, 12);
    }),
  );
}

describe("cosines of steering vectors", () => {
  it.each([
    [1, 1],
    [0.75, 0.5],
    [0.5, 1],
  ])("are those of every pair, with shares %d of strings and %d of masks", (strings, masks) => {
    const { u, e, found } = bruteForce(strings, masks);
    expectMatrix(
      found.unembeddingMatrix,
      u.map((a) => u.map((b) => between(a, b))),
    );
    expectMatrix(
      found.embeddingMatrix,
      e.map((a) => e.map((b) => between(a, b))),
    );
    expectMatrix(
      found.crossMatrix,
      e.map((a) => u.map((b) => between(a, b))),
    );
    const ofConcepts = (pairs: (number | null)[]) => mean(pairs.filter((value) => value !== null));
    expect(found.unembedding).toBeCloseTo(ofConcepts(u.map((a) => between(a, a)))!, 12);
    expect(found.embedding).toBeCloseTo(ofConcepts(e.map((a) => between(a, a)))!, 12);
    expect(found.cross).toBeCloseTo(ofConcepts(e.map((a, i) => between(a, u[i]!)))!, 12);
    const absolute = u.flatMap((a, i) =>
      u.slice(i + 1).map((b) => mean(a.flatMap((x) => b.map((y) => Math.abs(cosine(x, y)))))),
    );
    expect(found.betweenConcepts).toBeCloseTo(ofConcepts(absolute)!, 12);
  });

  it("has as many steering vectors as strings and contexts allow", () => {
    const { u, e } = bruteForce(1, 1);
    expect(u.map((vectors) => vectors.length)).toEqual([4, 4, 4]);
    expect(e.map((vectors) => vectors.length)).toEqual([9, 9, 9]);
  });

  it("is null where no concept is ever shown", () => {
    const world = { ...simulationWorld({ concepts, seed: 0, run: 0, strings: 1, masks: 1 }), masks: Int32Array.of(7) };
    const contexts = simulationContexts(world);
    expect(contexts.count).toBe(1);
    const none = embeddingPairs(world, contexts).map((pairs) => steeringVectors(pairs, new Float64Array(d), d));
    const some = unembeddingPairs(world).map((pairs) =>
      steeringVectors(
        pairs,
        Float64Array.from({ length: 8 * d }, (_, i) => i % 7),
        d,
      ),
    );
    const { embedding, cross, unembedding, embeddingMatrix } = steeringCosines(some, none);
    expect([embedding, cross, embeddingMatrix[0]![1]]).toEqual([null, null, null]);
    expect(unembedding).not.toBeNull();
  });
});
