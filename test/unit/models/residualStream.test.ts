import { describe, expect, it } from "vitest";
import { findAnatomy } from "../../../src/engine/models/anatomy";
import { findModel } from "../../../src/engine/models/findModel";
import { loadModel } from "../../../src/engine/models/loadModel";
import { readModelFile } from "../../../src/engine/models/modelFile";
import { plainModel, TinyModel } from "./tinyModel";
import { refusal } from "./support";

/** Adds one layer to a model and gives the value that holds the stream after it. */
type Layer = (model: TinyModel, name: string) => string;

const styles: Record<string, Layer> = {
  "sequential, normed before": (m, name) => {
    const middle = m.sum(m.stream, m.attention(m.norm(m.stream)));
    return m.sum(m.mlp(m.norm(middle)), middle, name);
  },
  "normed after (the branch sees what the sum becomes)": (m, name) => {
    const middle = m.norm(m.sum(m.stream, m.attention(m.stream)));
    return m.norm(m.sum(middle, m.mlp(middle)), name);
  },
  "normed after, with a scaled stream": (m, name) => {
    const scaled = (value: string) => m.add("Mul", [value, m.scalar(1.5)]);
    const middle = m.norm(m.sum(scaled(m.stream), m.attention(m.stream)));
    return m.norm(m.sum(scaled(middle), m.mlp(middle)), name);
  },
  "normed before and after the branch": (m, name) => {
    const middle = m.sum(m.stream, m.norm(m.attention(m.norm(m.stream))));
    return m.sum(middle, m.norm(m.mlp(m.norm(middle))), name);
  },
  "parallel: stream + (attention + MLP)": (m, name) => {
    const normed = m.norm(m.stream);
    return m.sum(m.stream, m.sum(m.attention(normed), m.mlp(normed)), name);
  },
  "parallel: (stream + attention) + MLP": (m, name) => {
    const normed = m.norm(m.stream);
    return m.sum(m.sum(m.stream, m.attention(normed)), m.mlp(normed), name);
  },
  "scaled branches": (m, name) => {
    const scaled = (value: string) => m.add("Mul", [m.scalar(0.5), value]);
    const middle = m.sum(m.stream, scaled(m.attention(m.norm(m.stream))));
    return m.sum(middle, scaled(m.mlp(m.norm(middle))), name);
  },
  "casts on the way": (m, name) => {
    const middle = m.sum(m.stream, m.attention(m.norm(m.add("Cast", [m.stream], { to: 1n }))));
    return m.sum(m.add("Cast", [middle], { to: 1n }), m.mlp(m.norm(middle)), name);
  },
  "three branches a layer": (m, name) => {
    const first = m.sum(m.stream, m.attention(m.norm(m.stream)));
    const second = m.sum(first, m.mlp(m.norm(first)));
    return m.sum(second, m.mlp(second), name);
  },
};

function built(layer: Layer, count: number): TinyModel {
  const model = new TinyModel();
  model.embed();
  for (let l = 1; l <= count; l++) {
    model.stream = layer(model, `h${l}`);
    model.layers.push(model.stream);
  }
  model.finish();
  return model;
}

describe("the residual stream", () => {
  it.each(Object.entries(styles))("is found: %s", async (name, layer) => {
    const model = built(layer, 3);
    const folder = model.write();
    const location = findModel(folder);
    const anatomy = findAnatomy(readModelFile(location.file), location.config);
    expect(anatomy.layers.found).toBe(3);
    expect(anatomy.head.hidden).toBe("f");
    // With a norm after the sum, what f is computed from is the norm of the last layer itself.
    const expected = name.startsWith("normed after") ? [...model.layers.slice(0, 3), "f"] : model.layers;
    expect(anatomy.layers.taps).toEqual(expected);
    const loaded = await loadModel(folder);
    expect(loaded.description.checks.every((c) => c.ok)).toBe(true);
    await loaded.hidden.session.release();
  });

  it.each(Object.entries(styles))("is counted without a config: %s", (_, layer) => {
    const model = built(layer, 3);
    const location = findModel(model.write({}));
    expect(findAnatomy(readModelFile(location.file), location.config).layers.found).toBe(3);
  });

  it("is not found where there is none, and the config is at odds with it", async () => {
    const model = new TinyModel();
    model.embed();
    model.finish();
    const problem = await refusal(() => loadModel(model.write({ num_hidden_layers: 2 })));
    expect(problem.code).toBe("model-layers-differ");
    expect(problem.message).toContain("shows 0 layers, but its config says 2");
  });

  it("belies a config that lies", async () => {
    const model = plainModel();
    model.finish();
    expect((await refusal(() => loadModel(model.write({ num_hidden_layers: 5 })))).code).toBe("model-layers-differ");
    expect((await refusal(() => loadModel(model.write({ num_hidden_layers: 4 })))).code).toBe("model-layers-differ");
    expect((await refusal(() => loadModel(model.write({ num_hidden_layers: 1e9 })))).code).toBe("model-layers-differ");
  });
});
