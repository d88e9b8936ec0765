import { describe, expect, it } from "vitest";
import { findModel } from "../../../src/engine/models/findModel";
import { readTwinSource } from "../../../src/engine/models/twinModel";
import { compareLogProbabilities, promptLogits } from "../../../src/engine/models/twinModelCheck";
import { graphFolder } from "./graphFolder";
import { finalOf, states, streamOf } from "./states";
import { distance, inputIds, refusal, relativeDistance } from "./support";
import { numbers } from "./tinyModel";
import { makeTwin, timesMap, timesTransposedMap, withBoth } from "./twinSupport";

/** The graphs of the fixtures, d = 64, with the largest relative difference of log-probabilities that is allowed. */
const graphs = [
  { graph: "gpt2_plain", layers: 3, head: "MatMul", most: 1e-4 },
  { graph: "gpt2_tied", layers: 3, head: "MatMul", most: 1e-4 },
  { graph: "gpt2_fp16", layers: 3, head: "MatMul", most: 1e-3 },
  { graph: "llama_plain", layers: 4, head: "MatMul", most: 1e-4 },
  { graph: "llama_ext", layers: 4, head: "MatMul", most: 1e-4 },
  { graph: "llama_merged", layers: 4, head: "MatMul", most: 1e-4 },
  { graph: "genai_fp32", layers: 4, head: "MatMul", most: 1e-4 },
  { graph: "genai_softcap", layers: 4, head: "MatMul, soft-capped", most: 1e-4 },
  { graph: "genai_q4", layers: 4, head: "MatMul", most: 1e-4 },
  { graph: "genai_q4f16", layers: 4, head: "MatMul", most: 1e-3 },
  { graph: "var_gemma2", layers: 4, head: "MatMul", most: 1e-4 },
  { graph: "var_neox", layers: 4, head: "MatMul", most: 1e-4 },
];

describe.each(graphs)("twin of $graph", ({ graph, layers, head, most }) => {
  it.each([64, 83])("of hidden size %i: f~ = T f, g~ = T^{-T} g, the same log-probabilities", async (size) => {
    const folder = graphFolder(graph);
    const { path, map } = await makeTwin(folder, { size, seed: 5 });
    const { value } = compareLogProbabilities(
      await promptLogits(findModel(folder), inputIds),
      await promptLogits(findModel(path), inputIds),
      "float32",
    );
    expect(value).toBeLessThan(most);

    await withBoth(folder, path, async (original, twin) => {
      expect(twin.description).toMatchObject({ hiddenSize: size, layers, head });
      expect(twin.description.dtype.endsWith("16")).toBe(original.description.dtype.endsWith("16"));
      expect(twin.description.checks.map(({ ok }) => ok)).toEqual([true, true, true]);
      const [before, after] = [await states(original, inputIds[0]!), await states(twin, inputIds[0]!)];
      const f = relativeDistance(finalOf(after), timesMap(finalOf(before), map));
      const g = relativeDistance(timesTransposedMap(twin.head.weight, map), original.head.weight);
      const h = Array.from({ length: layers + 1 }, (_, l) => distance(streamOf(after, l), streamOf(before, l)));
      expect(f).toBeLessThan(1e-4);
      expect(g).toBeLessThan(1e-4);
      expect(Math.max(...h)).toBeLessThan(1e-5);

      // What is added to the residual stream reaches f~ as it reaches f.
      expect(twin.injecting.layers).toEqual(original.injecting.layers);
      const injections = [{ layer: 1, at: 3, vector: numbers("vector", 64, 1) }];
      const [moved, movedTwin] = [
        finalOf(await states(original, inputIds[0]!, injections)),
        finalOf(await states(twin, inputIds[0]!, injections)),
      ];
      expect(relativeDistance(moved, finalOf(before))).toBeGreaterThan(1e-2);
      expect(relativeDistance(movedTwin, timesMap(moved, map))).toBeLessThan(1e-4);
    });
  });
});

describe.each(["gpt2_int8", "llama_int8"])("%s", (graph) => {
  it("is refused, since its head quantises what enters it", async () => {
    expect(await refusal(() => readTwinSource(graphFolder(graph)))).toMatchObject({
      kind: "model",
      code: "twin-head-quantized",
    });
  });
});
