import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findModel } from "../../../src/engine/models/findModel";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "relation-lens-folder-"));
  mkdirSync(join(folder, "onnx"));
  writeFileSync(join(folder, "config.json"), JSON.stringify({ num_hidden_layers: 2 }));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (path: string, bytes: number) => {
  writeFileSync(join(folder, path), "");
  truncateSync(join(folder, path), bytes);
};

describe("findModel in a folder with several variants", () => {
  beforeEach(() => {
    write("onnx/model.onnx", 1000);
    write("onnx/model.onnx_data", 4_000_000);
    write("onnx/model_fp16.onnx", 2_000_000);
    write("onnx/model_q4.onnx", 600_000);
  });

  test.each([
    ["the most precise, where there is room", 6_000_000, "model.onnx"],
    ["half precision, where the data beside the graph do not fit", 5_000_000, "model_fp16.onnx"],
    ["4 bits, where nothing else fits", 1_000_000, "model_q4.onnx"],
    ["the smallest, where none fits", 1000, "model_q4.onnx"],
  ])("chooses %s", (_, freeBytes, expected) => {
    expect(findModel(folder, freeBytes).file).toBe(join(folder, "onnx", expected));
  });

  test("takes the graph that is named, whatever its size", () => {
    expect(findModel(join(folder, "onnx", "model.onnx"), 1).file).toBe(join(folder, "onnx", "model.onnx"));
  });
});

test("the merged decoder comes before the one without a cache; the one with a past is the last resort", () => {
  write("onnx/decoder_with_past_model.onnx", 10);
  expect(findModel(folder).file).toBe(join(folder, "onnx", "decoder_with_past_model.onnx"));
  write("onnx/decoder_model.onnx", 10);
  expect(findModel(folder).file).toBe(join(folder, "onnx", "decoder_model.onnx"));
  write("onnx/decoder_model_merged.onnx", 10);
  expect(findModel(folder).file).toBe(join(folder, "onnx", "decoder_model_merged.onnx"));
});
