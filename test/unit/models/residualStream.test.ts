import { describe, expect, it } from "vitest";
import { findAnatomy } from "../../../src/engine/models/anatomy";
import { findModel } from "../../../src/engine/models/findModel";
import { loadModel } from "../../../src/engine/models/loadModel";
import { readModelFile } from "../../../src/engine/models/modelFile";
import { built, styles } from "./tinyStyles";
import { plainModel, TinyModel } from "./tinyModel";
import { refusal } from "./support";

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
