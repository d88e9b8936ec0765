import { cpSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findModels } from "../../../src/engine/models/findModels";
import { commit, embedded } from "./hubServer";
import { newFolder } from "./support";

const bytes = statSync(join(embedded, "onnx/model.onnx")).size;

it("finds the embedded models, exports in the workspace and whole models in the cache", () => {
  const [workspace, cache] = [newFolder(), newFolder()];
  const exported = join(workspace, "models/mine");
  cpSync(embedded, exported, { recursive: true });
  cpSync(join(exported, "onnx/model.onnx"), join(exported, "onnx/model_fp16.onnx"));
  cpSync(embedded, join(workspace, "node_modules/theirs"), { recursive: true });
  mkdirSync(join(workspace, "graph-alone"));
  writeFileSync(join(workspace, "graph-alone/model.onnx"), "x");
  symlinkSync(workspace, join(workspace, "circle"));
  const snapshot = (name: string) => join(cache, name, "snapshots", commit);
  cpSync(embedded, snapshot("models--owner--small-one"), { recursive: true });
  mkdirSync(join(cache, "models--owner--small-one/refs"));
  writeFileSync(join(cache, "models--owner--small-one/refs/main"), commit);
  cpSync(embedded, snapshot("models--owner--pinned"), { recursive: true });
  cpSync(embedded, snapshot("models--owner--half"), { recursive: true });
  rmSync(join(snapshot("models--owner--half"), "tokenizer.json"));
  cpSync(embedded, snapshot("datasets--owner--data"), { recursive: true });

  const fp32 = { file: "onnx/model.onnx", dtype: "fp32", bytes };
  const hiddenSize = 96;
  expect(findModels({ embedded: [embedded], workspaceFolders: [workspace], cache })).toEqual([
    { id: "embedded-small", origin: "embedded", location: embedded, variants: [fp32], hiddenSize },
    {
      id: "mine",
      origin: "workspace",
      location: exported,
      variants: [fp32, { file: "onnx/model_fp16.onnx", dtype: "fp16", bytes }],
      hiddenSize,
    },
    {
      id: `owner/pinned@${commit}`,
      origin: "cache",
      location: snapshot("models--owner--pinned"),
      variants: [fp32],
      hiddenSize,
    },
    {
      id: "owner/small-one",
      origin: "cache",
      location: snapshot("models--owner--small-one"),
      variants: [fp32],
      hiddenSize,
    },
  ]);
});

it("lists a model whose configuration says nothing, or cannot be read", () => {
  const workspace = newFolder();
  for (const [name, config] of [
    ["silent", "{}"],
    ["torn", "{"],
  ] as const) {
    cpSync(embedded, join(workspace, name), { recursive: true });
    writeFileSync(join(workspace, name, "config.json"), config);
  }
  const found = findModels({ embedded: [], workspaceFolders: [workspace], cache: join(workspace, "none") });
  expect(found.map(({ id }) => id)).toEqual(["silent", "torn"]);
  for (const model of found) expect(model).not.toHaveProperty("hiddenSize");
});

it("finds nothing where there is nothing", () => {
  const none = join(newFolder(), "none");
  expect(findModels({ embedded: [], workspaceFolders: [none], cache: none })).toEqual([]);
});
