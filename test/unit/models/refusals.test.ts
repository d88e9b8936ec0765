import { mkdirSync, readdirSync, symlinkSync, writeFileSync, copyFileSync, readFileSync } from "node:fs";
import { create } from "@bufbuild/protobuf";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openModel, describeModel } from "../../../src/engine/models/openModel";
import { DataType, decodeModel, encodeModel, entrySchema, makeValueInfo } from "../../../src/engine/models/onnxProto";
import { Cancelled } from "../../../src/engine/models/modelProblem";
import { plainModel } from "./tinyModel";
import { graphs, newFolder, refusal } from "./support";

/** llama_ext with every location of its external data replaced. */
function withLocation(location: string, offset?: string): string {
  const folder = newFolder();
  const model = decodeModel(readFileSync(join(graphs, "llama_ext/model.onnx")));
  for (const tensor of model.graph!.initializer) {
    if (tensor.dataLocation !== 1) continue;
    tensor.externalData = tensor.externalData.filter(
      (e) => e.key !== "location" && (offset === undefined || e.key !== "offset"),
    );
    tensor.externalData.push(create(entrySchema, { key: "location", value: location }));
    if (offset !== undefined) tensor.externalData.push(create(entrySchema, { key: "offset", value: offset }));
  }
  mkdirSync(join(folder, "inside"));
  writeFileSync(join(folder, "inside/model.onnx"), encodeModel(model));
  copyFileSync(join(graphs, "llama_ext/config.json"), join(folder, "inside/config.json"));
  copyFileSync(join(graphs, "llama_ext/model.onnx_data"), join(folder, "weights"));
  return join(folder, "inside");
}

const describeIt = (path: string) => refusal(() => describeModel(path));

describe("external data", () => {
  it.each(["../weights", "/etc/passwd", "a/../../weights", "C:\\weights", "..\\weights"])(
    "outside the folder: %s",
    async (location) => {
      const problem = await describeIt(withLocation(location));
      expect(problem).toMatchObject({ kind: "model", code: "model-data-outside" });
      expect(problem.message).toContain(location);
    },
  );

  it("outside the folder by a symbolic link", async () => {
    const folder = withLocation("weights");
    symlinkSync(join(folder, "../weights"), join(folder, "weights"));
    expect((await describeIt(folder)).code).toBe("model-data-outside");
  });

  it("that is missing, or shorter than it should be", async () => {
    expect((await describeIt(withLocation("nothing"))).code).toBe("model-data-missing");
    for (const offset of ["999999999", "-1", "x", "1e400"]) {
      const folder = withLocation("weights", offset);
      copyFileSync(join(folder, "../weights"), join(folder, "weights"));
      expect((await describeIt(folder)).code, offset).toBe("model-data-truncated");
    }
  });

  it("in a cache of blobs behind symbolic links is read", async () => {
    const folder = newFolder();
    mkdirSync(join(folder, "blobs"));
    mkdirSync(join(folder, "snapshots/1"), { recursive: true });
    for (const [i, name] of ["model.onnx", "model.onnx_data", "config.json"].entries()) {
      copyFileSync(join(graphs, "llama_ext", name), join(folder, `blobs/${i}`));
      symlinkSync(`../../blobs/${i}`, join(folder, "snapshots/1", name));
    }
    expect(await describeModel(join(folder, "snapshots/1"))).toMatchObject({ layers: 4, hasTokenizer: false });
    expect(readdirSync(join(folder, "blobs")).length).toBe(3);
  });
});

describe("what is not a usable model", () => {
  const file = (bytes: Uint8Array | string) => {
    const path = join(newFolder(), "model.onnx");
    writeFileSync(path, bytes);
    return path;
  };

  it("is refused with the reason", async () => {
    expect((await describeIt("/nowhere/at/all")).code).toBe("model-not-found");
    expect((await describeIt(newFolder())).code).toBe("model-no-graph");
    expect((await describeIt(file(""))).code).toBe("model-not-onnx");
    expect((await describeIt(file("version https://git-lfs.github.com/spec/v1\n"))).code).toBe("model-not-onnx");
    const source = readFileSync(join(graphs, "gpt2_plain/model.onnx"));
    expect((await describeIt(file(source.subarray(0, 500_000)))).code).toBe("model-not-onnx");
    const two = newFolder();
    for (const name of ["a.onnx", "b.onnx"]) writeFileSync(join(two, name), source);
    expect((await describeIt(two)).code).toBe("model-many-graphs");
  });

  it("has operators of its own", async () => {
    const model = plainModel();
    model.finish();
    model.nodes.at(-1)!.domain = "my.operators";
    const problem = await describeIt(model.write());
    expect(problem.code).toBe("model-custom-operators");
    expect(problem.message).toContain("my.operators.MatMul");
  });

  it("has operators that onnxruntime does not know", async () => {
    const model = plainModel();
    model.finish();
    model.nodes[2]!.opType = "NoSuchOperator";
    expect(["model-runtime", "model-layers-differ"]).toContain((await describeIt(model.write())).code);
  });

  it("takes images, embeddings, or no tokens", async () => {
    const model = plainModel();
    model.finish();
    model.inputs.push(makeValueInfo("pixel_values", DataType.float, ["b", 3, 224, 224]));
    expect((await describeIt(model.write())).code).toBe("model-inputs");
    model.inputs = [makeValueInfo("inputs_embeds", DataType.float, ["b", "s", 32])];
    model.nodes[0]!.input = [model.tensors[0]!.name, "inputs_embeds"];
    expect((await describeIt(model.write())).code).toBe("model-no-token-input");
  });

  it("has a config that is not one", async () => {
    const model = plainModel();
    model.finish();
    for (const config of [{ num_hidden_layers: "two" }, { num_hidden_layers: -1 }, { vocab_size: 1.5 }]) {
      expect((await describeIt(model.write(config))).code).toBe("model-config");
    }
  });

  it("has no tokeniser: described, but not opened", async () => {
    const model = plainModel();
    model.finish();
    const folder = model.write();
    expect(await describeModel(folder)).toMatchObject({ hasTokenizer: false, layers: 2 });
    const problem = await refusal(() => openModel(folder, { bos: "auto" }));
    expect(problem).toMatchObject({ kind: "model", code: "tokenizer-missing" });
  });

  it("is not opened after it was cancelled", async () => {
    const opening = openModel(join(graphs, "gpt2_plain"), { bos: "auto", signal: AbortSignal.abort() });
    await expect(opening).rejects.toBeInstanceOf(Cancelled);
  });
});
