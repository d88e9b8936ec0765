import { join } from "node:path";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hiddenStates } from "../../../src/engine/models/hiddenStates";
import { loadModel, type LoadedModel } from "../../../src/engine/models/loadModel";
import type { Floats } from "../../../src/engine/models/languageModel";
import { checkNames } from "../../../src/engine/models/checks";
import { declared, planInputs } from "../../../src/engine/models/inputs";
import { decodeModel, encodeModel, makeNode, makeValueInfo } from "../../../src/engine/models/onnxProto";
import { floats, loadRuntime, runSession } from "../../../src/engine/models/runtime";
import { graphFolder } from "./graphFolder";
import { distance, floatsOf, graphs, inputIds, relativeDistance } from "./support";

const positions = [0, 1, 2, 3, 4, 5, 6, 7];

interface Case {
  readonly graph: string;
  readonly family: string;
  readonly layers: number;
  readonly dtype: string;
  readonly head: string;
  /** Largest |f − reference| and |h_l − reference|; relative for quantised graphs, whose reference is the model before quantisation. */
  readonly tolerance: { readonly absolute: number } | { readonly relative: number };
}

const cases: readonly Case[] = [
  { graph: "gpt2_plain", family: "gpt2", layers: 3, dtype: "float32", head: "MatMul", tolerance: { absolute: 1e-4 } },
  {
    graph: "gpt2_tied",
    family: "gpt2",
    layers: 3,
    dtype: "float32",
    head: "MatMul, tied to the embedding",
    tolerance: { absolute: 1e-4 },
  },
  { graph: "gpt2_fp16", family: "gpt2", layers: 3, dtype: "float16", head: "MatMul", tolerance: { absolute: 2e-2 } },
  {
    graph: "gpt2_int8",
    family: "gpt2",
    layers: 3,
    dtype: "int8",
    head: "MatMulInteger",
    tolerance: { relative: 2e-2 },
  },
  { graph: "llama_plain", family: "llama", layers: 4, dtype: "float32", head: "MatMul", tolerance: { absolute: 1e-4 } },
  { graph: "llama_ext", family: "llama", layers: 4, dtype: "float32", head: "MatMul", tolerance: { absolute: 1e-4 } },
  {
    graph: "llama_merged",
    family: "llama",
    layers: 4,
    dtype: "float32",
    head: "MatMul",
    tolerance: { absolute: 1e-4 },
  },
  {
    graph: "llama_int8",
    family: "llama",
    layers: 4,
    dtype: "int8",
    head: "MatMulInteger",
    tolerance: { relative: 2e-2 },
  },
  { graph: "genai_fp32", family: "llama", layers: 4, dtype: "float32", head: "MatMul", tolerance: { absolute: 1e-4 } },
  {
    graph: "genai_softcap",
    family: "llama",
    layers: 4,
    dtype: "float32",
    head: "MatMul, soft-capped",
    tolerance: { absolute: 1e-4 },
  },
  // Weights of four bits themselves move the states by up to 4.4%; that the right values are read is tested below.
  { graph: "genai_q4", family: "llama", layers: 4, dtype: "q4", head: "MatMulNBits", tolerance: { relative: 5e-2 } },
  {
    graph: "genai_q4f16",
    family: "llama",
    layers: 4,
    dtype: "q4f16",
    head: "MatMulNBits",
    tolerance: { relative: 5e-2 },
  },
  { graph: "var_gemma2", family: "gemma2", layers: 4, dtype: "float32", head: "MatMul", tolerance: { absolute: 1e-4 } },
  { graph: "var_neox", family: "neox", layers: 4, dtype: "float32", head: "MatMul", tolerance: { absolute: 1e-4 } },
];

describe.each(cases)("$graph", ({ graph, family, layers, dtype, head, tolerance }) => {
  const reference = (name: string) => floatsOf(join(graphs, "reference", family, `${name}.bin`));
  let model: LoadedModel;
  beforeAll(async () => {
    model = await loadModel(graphFolder(graph));
  });
  afterAll(async () => {
    await model.hidden.session.release();
  });

  it("is recognised", () => {
    expect(model.description).toMatchObject({ layers, dtype, head, hiddenSize: 64 });
  });

  it("gives f and the residual stream of the reference", async () => {
    const numbers = Array.from({ length: layers + 1 }, (_, l) => l);
    const prompts = inputIds.map((ids) => ({ ids, finalAt: positions, residualAt: positions }));
    const states = await hiddenStates(model.hidden, prompts, { layers: numbers });
    const near = (rows: readonly (readonly Floats[])[], name: string) => {
      const values = rows.flat().flatMap((row) => [...row]);
      if ("absolute" in tolerance)
        expect(distance(values, reference(name)), name).toBeLessThanOrEqual(tolerance.absolute);
      else expect(relativeDistance(values, reference(name)), name).toBeLessThanOrEqual(tolerance.relative);
    };
    near(states.final, "hidden");
    for (let l = 1; l <= layers; l++) near(states.residual.get(l)!, `resid${l}`);
  });

  it("gives g, or the dequantised weight", () => {
    const { weight } = model.head;
    if (graph === "gpt2_fp16" || graph === "genai_q4f16") {
      // The file's numbers have 11 bits: weights in the one, their scales in the other.
      const exact = graph === "gpt2_fp16" ? reference("W") : floatsOf(join(graphs, "genai_q4/dequantized.bin"));
      expect(weight.length).toBe(exact.length);
      expect(Math.max(...exact.map((x, i) => Math.abs(weight[i]! - x) - Math.abs(x) * 2 ** -11))).toBeLessThan(1e-7);
    } else {
      const quantized = dtype !== "float32";
      const expected = quantized ? floatsOf(join(graphs, graph, "dequantized.bin")) : reference("W");
      expect(distance(weight, expected)).toBeLessThanOrEqual(1e-6);
    }
    expect(model.head.bias).toBeNull();
  });

  it("gives the original graph's logits bit for bit, and f·g within the tolerance", () => {
    const check = (name: string) => model.description.checks.find((c) => c.name === name);
    expect(check(checkNames.edited)).toEqual({ name: checkNames.edited, value: 0, tolerance: 0, ok: true });
    expect(check(checkNames.layers)).toEqual({ name: checkNames.layers, value: 0, tolerance: 0, ok: true });
    expect(check(checkNames.head)).toMatchObject({ tolerance: dtype === "float32" ? 1e-3 : 2e-2, ok: true });
  });
});

/**
 * The streams of the quantised graphs under the names that their exporters give them, read by
 * onnxruntime from the original file with those values as outputs: the search has no part in it.
 */
describe.each([
  { graph: "gpt2_int8", f: "/ln_f/Add_1_output_0", streams: ["/h.0/Add_4_output_0", "/h.1/Add_4_output_0"] },
  { graph: "llama_int8", f: "/norm/Mul_1_output_0", streams: ["/layers.0/Add_4_output_0", "/layers.1/Add_4_output_0"] },
  ...["genai_q4", "genai_q4f16"].map((graph) => ({
    graph,
    f: "/model/layers.4/final_norm_layernorm/output_0",
    streams: ["/model/layers.1/input_layernorm/output_3", "/model/layers.2/input_layernorm/output_3"],
  })),
])("$graph by its exporter's names", ({ graph, f, streams }) => {
  it("has the streams that were found by topology", async () => {
    const names = [f, ...streams];
    const model = decodeModel(readFileSync(join(graphs, graph, "model.onnx")));
    model.graph!.node.push(...names.map((name, i) => makeNode("Cast", [name], [`named${i}`], { to: 1n })));
    model.graph!.output.push(...names.map((_, i) => makeValueInfo(`named${i}`, 1)));
    const runtime = await loadRuntime();
    const named = await runtime.InferenceSession.create(encodeModel(model), { logSeverityLevel: 4 });
    const loaded = await loadModel(join(graphs, graph));
    const inputs = planInputs(graph, model.graph!.input.map(declared), "input_ids", loaded.location.config);
    const ids = [inputIds[0]!];
    const expected = await runSession(
      named,
      inputs.feeds(runtime, ids),
      names.map((_, i) => `named${i}`),
    );
    const found = await hiddenStates(loaded.hidden, [{ ids: ids[0]!, finalAt: positions, residualAt: positions }], {
      layers: [1, 2],
    });
    const rows = [found.final, found.residual.get(1)!, found.residual.get(2)!];
    names.forEach((name, i) => {
      const values = rows[i]!.flat().flatMap((row) => [...row]);
      expect(distance(values, floats(expected.get(`named${i}`))), name).toBeLessThanOrEqual(1e-5);
    });
  });
});
