import { describe, expect, it } from "vitest";
import { planInputs, type DeclaredDimension, type DeclaredInput } from "../../../src/engine/models/inputs";
import { DataType } from "../../../src/engine/models/onnxProto";
import { loadRuntime } from "../../../src/engine/models/runtime";
import { refusal } from "./support";

const { int32, int64, bool, float, float16 } = DataType;
const input = (name: string, elementType: number, dims?: readonly DeclaredDimension[]): DeclaredInput => ({
  name,
  elementType,
  dims,
});
const tokens = input("input_ids", int64, ["batch", "sequence"]);
const unknown = { keyValueHeads: undefined, headSize: undefined };

async function feed(
  declared: DeclaredInput,
  config: { keyValueHeads: number | undefined; headSize: number | undefined } = unknown,
) {
  const plan = planInputs("model.onnx", [tokens, declared], "input_ids", config);
  const found = plan.feeds(await loadRuntime(), [
    [7, 8, 9],
    [4, 5, 6],
  ])[declared.name]!;
  const data = [...(found.data as Iterable<number | bigint>)].map(Number);
  return { type: found.type, dims: found.dims, data };
}

describe("inputs beside the text", () => {
  it.each([
    { declared: input("input_ids", int32, ["b", "s"]), type: "int32", dims: [2, 3], data: [7, 8, 9, 4, 5, 6] },
    { declared: input("attention_mask", int64, ["b", "s"]), type: "int64", dims: [2, 3], data: [1, 1, 1, 1, 1, 1] },
    {
      declared: input("attention_mask", float16, ["b", "s"]),
      type: "float16",
      dims: [2, 3],
      data: Array(6).fill(0x3c00),
    },
    { declared: input("attention_mask", bool, ["b", "s"]), type: "bool", dims: [2, 3], data: [1, 1, 1, 1, 1, 1] },
    { declared: input("position_ids", int32, ["b", "s"]), type: "int32", dims: [2, 3], data: [0, 1, 2, 0, 1, 2] },
    { declared: input("position_ids", int64, ["s"]), type: "int64", dims: [3], data: [0, 1, 2] },
    {
      declared: input("position_ids", int64, [3, "b", "s"]),
      type: "int64",
      dims: [3, 2, 3],
      data: Array(6).fill([0, 1, 2]).flat(),
    },
    { declared: input("cache_position", int64, ["s"]), type: "int64", dims: [3], data: [0, 1, 2] },
    { declared: input("use_cache_branch", bool, [1]), type: "bool", dims: [1], data: [0] },
    { declared: input("num_logits_to_keep", int64, []), type: "int64", dims: [], data: [0] },
    {
      declared: input("past_key_values.0.key", float, ["b", 2, "past", 16]),
      type: "float32",
      dims: [2, 2, 0, 16],
      data: [],
    },
    {
      declared: input("past_key_values.3.value", float16, ["b", 4, "p + 1", 8]),
      type: "float16",
      dims: [2, 4, 0, 8],
      data: [],
    },
    { declared: input("past_0", float, [2, "b", 4, "past", 8]), type: "float32", dims: [2, 2, 4, 0, 8], data: [] },
    { declared: input("past_conv.0", float, ["b", 2, 3]), type: "float32", dims: [2, 2, 3], data: Array(12).fill(0) },
    { declared: input("seqlens_k", int32, ["b"]), type: "int32", dims: [2], data: [2, 2] },
    { declared: input("total_sequence_length", int32, []), type: "int32", dims: [], data: [3] },
    { declared: input("token_type_ids", int64, ["b", "s"]), type: "int64", dims: [2, 3], data: [0, 0, 0, 0, 0, 0] },
  ])("$declared.name as $type $dims", async ({ declared, type, dims, data }) => {
    expect(await feed(declared)).toEqual({ type, dims, data });
  });

  it("take the sizes of caches from the config where the graph does not say", async () => {
    const declared = input("past_key_values.0.key", float, ["b", "heads", "past", "size"]);
    expect((await feed(declared, { keyValueHeads: 3, headSize: 5 })).dims).toEqual([2, 3, 0, 5]);
    expect((await refusal(() => feed(declared))).code).toBe("model-inputs");
  });

  it.each(["pixel_values", "input_features", "encoder_hidden_states", "inputs_embeds", "beam_width"])(
    "are refused where a text cannot give them: %s",
    async (name) => {
      const problem = await refusal(() => feed(input(name, float, ["b", "s"])));
      expect(problem).toMatchObject({ kind: "model", code: "model-inputs" });
      expect(problem.message).toContain(name);
    },
  );

  it("are checked against declared shapes before anything runs", async () => {
    const problem = await refusal(() => feed(input("attention_mask", int64, ["b", 128])));
    expect(problem.code).toBe("model-input-shape");
    expect(problem.message).toContain("[b, 128]");
    expect(planInputs("m", [input("input_ids", int64, [1, "s"])], "input_ids", unknown).maximumBatch).toBe(1);
  });
});
