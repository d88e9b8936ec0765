import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { random } from "../../../src/engine/linalg/random";
import type { Activations, Injection } from "../../../src/engine/models/languageModel";
import { loadModel, type LoadedModel } from "../../../src/engine/models/loadModel";
import { graphFolder } from "./graphFolder";
import { finalOf, release, states, streamOf } from "./states";
import { built, styles } from "./tinyStyles";
import { distance, graphs, inputIds, relativeDistance } from "./support";

const [prompt = [], other = []] = inputIds;
function randomVector(name: string, width: number, length: number): Float32Array {
  const source = random(1, name);
  return Float32Array.from({ length: width }, () => (source.normal() * length) / Math.sqrt(width));
}

const size = (values: readonly number[]): number => Math.max(...values.map(Math.abs));

/** Of the type that the stream is rounded to, over the largest entry. */
const rounding = (dtype: string): number => (dtype.endsWith("16") ? 2e-3 : 1e-6);

/** Of f where it is computed twice from nearly the same stream: rounded at each step, or quantised. */
const tolerances: Readonly<Record<string, number>> = { float16: 2e-3, q4f16: 2e-3, int8: 2e-2 };

/** What must hold of every graph with layers. */
function itInjects(open: () => Promise<LoadedModel>, prompt: readonly number[], other: readonly number[]): void {
  let model: LoadedModel;
  let plain: Activations;
  beforeAll(async () => {
    model = await open();
    plain = await states(model, prompt);
  });
  afterAll(() => release(model));

  it("at every layer", () => {
    expect(model.injecting.layers).toEqual(model.hidden.layers);
    expect(model.injecting.layers.length).toBeGreaterThan(1);
  });

  it("a vector that h_l then includes, and that what comes before does not see", async () => {
    const at = 3;
    for (const layer of model.injecting.layers) {
      const stream = streamOf(plain, layer);
      const width = stream.length / prompt.length;
      const vector = randomVector(`layer ${layer}`, width, Math.hypot(...stream.slice(at * width, (at + 1) * width)));
      const injected = await states(model, prompt, [{ layer, at, vector }]);
      for (const before of model.hidden.layers.filter((m) => m < layer)) {
        expect(streamOf(injected, before), `h_${before} with layer ${layer}`).toEqual(streamOf(plain, before));
      }
      const expected = [...stream];
      vector.forEach((x, i) => (expected[at * width + i]! += x));
      const error = distance(streamOf(injected, layer), expected) / size(expected);
      expect(error, `h_${layer}`).toBeLessThan(rounding(model.description.dtype));
      expect(relativeDistance(injected.final[0]![at]!, plain.final[0]![at]!), `f, layer ${layer}`).toBeGreaterThan(
        0.01,
      );
    }
  });

  it("once: with the difference to another prompt at every position, f is the other's", async () => {
    const target = await states(model, other);
    const tolerance = tolerances[model.description.dtype] ?? 1e-5;
    for (const layer of model.injecting.layers) {
      const injections = prompt.map((_, at): Injection => {
        const from = plain.residual.get(layer)![0]![at]!;
        const to = target.residual.get(layer)![0]![at]!;
        return { layer, at, vector: Float32Array.from(to, (x, i) => x - from[i]!) };
      });
      const injected = await states(model, prompt, injections);
      expect(relativeDistance(finalOf(injected), finalOf(target)), `layer ${layer}`).toBeLessThan(tolerance);
      expect(relativeDistance(finalOf(injected), finalOf(plain)), `layer ${layer}`).toBeGreaterThan(0.3);
    }
  });
}

const names = readdirSync(graphs, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() && entry.name !== "reference" ? [entry.name] : [],
);

describe("vectors are injected", () => {
  it("into as many graphs as there are", () => expect(names.length).toBeGreaterThanOrEqual(14));
});

describe.each(names)("into %s", (name) => {
  itInjects(() => loadModel(graphFolder(name)), prompt, other);
});

describe.each(Object.entries(styles))("into a small model, %s", (_, layer) => {
  itInjects(() => loadModel(built(layer, 3).write()), [1, 2, 3, 4, 5], [9, 30, 31, 17, 40]);
});
