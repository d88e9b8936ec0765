import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { random } from "../../../src/engine/linalg/random";
import { hiddenStates } from "../../../src/engine/models/hiddenStates";
import { InjectingModel } from "../../../src/engine/models/injectingModel";
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

/** What makes h_l of one prompt that of another of the same length. */
function difference(from: Activations, to: Activations, layer: number): Injection[] {
  return to.residual.get(layer)![0]!.map((row, at) => {
    const before = from.residual.get(layer)![0]![at]!;
    return { layer, at, vector: Float32Array.from(row, (x, i) => x - before[i]!) };
  });
}

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
      const injected = await states(model, prompt, difference(plain, target, layer));
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

/** Its layers cast the stream twice, once for the attention and once for the MLP and the sum. */
it("a vector that only some of the readers of h_l get does not make f the other's", async () => {
  const model = await loadModel(graphFolder("var_neox"));
  const { context, sites } = model.injecting;
  const { taps } = context.anatomy.layers;
  expect(sites[1]!.value).not.toBe(taps[1]);
  const oneReader = new InjectingModel(context, [{ ...sites[1]!, value: taps[1]! }]);
  const [plain, target] = [await states(model, prompt), await states(model, other)];
  const injections = difference(plain, target, 1);
  const run = (injecting: InjectingModel) =>
    hiddenStates(
      model.hidden,
      [{ ids: prompt, finalAt: [7], residualAt: [], injections }],
      { layers: [] },
      injecting,
    ).then(({ final }) => relativeDistance(final[0]![0]!, target.final[0]![7]!));
  expect(await run(oneReader)).toBeGreaterThan(0.1);
  expect(await run(model.injecting)).toBeLessThan(1e-5);
  await oneReader.close();
  await release(model);
});
