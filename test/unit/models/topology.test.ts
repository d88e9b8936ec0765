import { writeFileSync } from "node:fs";
import { readFileSync } from "node:fs";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hiddenStates } from "../../../src/engine/models/hiddenStates";
import { loadModel } from "../../../src/engine/models/loadModel";
import { decodeModel, encodeModel, type GraphProto } from "../../../src/engine/models/onnxProto";
import { graphs, inputIds, newFolder } from "./support";

/** Gives every node and every value inside a graph, and in the graphs in it, a name that says nothing. */
function rename(graph: GraphProto, outer: ReadonlyMap<string, string>): void {
  const names = new Map(outer);
  let next = outer.size;
  const fresh = (name: string) => {
    if (name !== "" && !names.has(name)) names.set(name, `v${next++}_${outer.size}`);
  };
  for (const tensor of graph.initializer) fresh(tensor.name);
  for (const node of graph.node) node.output.forEach(fresh);
  const renamed = (name: string) => names.get(name) ?? name;
  for (const tensor of graph.initializer) tensor.name = renamed(tensor.name);
  graph.valueInfo = [];
  graph.node.forEach((node, i) => {
    node.name = `n${i}`;
    node.input = node.input.map(renamed);
    node.output = node.output.map(renamed);
    for (const attribute of node.attribute) if (attribute.g !== undefined) rename(attribute.g, names);
  });
  for (const output of graph.output) output.name = renamed(output.name);
}

describe("names play no part", () => {
  it.each(["gpt2_tied", "llama_merged", "genai_softcap", "var_neox", "gpt2_int8"])("%s renamed", async (graph) => {
    const folder = newFolder();
    copyFileSync(join(graphs, graph, "config.json"), join(folder, "config.json"));
    const model = decodeModel(readFileSync(join(graphs, graph, "model.onnx")));
    const kept = [...model.graph!.input, ...model.graph!.output].map((v) => [v.name, v.name] as const);
    rename(model.graph!, new Map(kept));
    writeFileSync(join(folder, "model.onnx"), encodeModel(model));

    const read = async (path: string) => {
      const loaded = await loadModel(path);
      const layers = Array.from({ length: loaded.description.layers + 1 }, (_, l) => l);
      const states = await hiddenStates(loaded.hidden, [{ ids: inputIds[0]!, finalAt: [7], residualAt: [2, 7] }], {
        layers,
      });
      return { states, layers, head: loaded.head, description: { ...loaded.description, file: "", id: "" } };
    };
    const renamed = await read(folder);
    expect(renamed.layers.length).toBeGreaterThan(3);
    expect(renamed).toEqual(await read(join(graphs, graph)));
  });
});
