import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeModel } from "../../../src/engine/models/openModel";
import { findModel } from "../../../src/engine/models/findModel";
import { Cancelled } from "../../../src/engine/models/modelProblem";
import { decodeModel } from "../../../src/engine/models/onnxProto";
import { promptLogits } from "../../../src/engine/models/twinModelCheck";
import { externalEntry, isExternal } from "../../../src/engine/models/tensorData";
import { graphFolder } from "./graphFolder";
import { inputIds } from "./support";
import { makeTwin } from "./twinSupport";

describe("the weights of a written twin", () => {
  it.each(["llama_ext", "llama_plain", "gpt2_fp16", "genai_q4f16"])(
    "%s: lie beside the graph where there are many, and are the same numbers",
    async (graph) => {
      const folder = graphFolder(graph);
      const inside = await makeTwin(folder, { size: 70 });
      const beside = await makeTwin(folder, { size: 70 }, { largestInline: 0 });
      expect(readdirSync(dirname(inside.path)).sort()).toEqual(["README.md", "config.json", "model.onnx"]);
      expect(readdirSync(dirname(beside.path)).sort()).toContain("model.onnx_data");
      expect(statSync(beside.path).size).toBeLessThan(statSync(inside.path).size / 2);
      for (const tensor of decodeModel(readFileSync(beside.path)).graph!.initializer.filter(isExternal)) {
        expect(externalEntry(tensor, "location")).toBe("model.onnx_data");
        expect(Number(externalEntry(tensor, "offset")) % 4096).toBe(0);
      }
      const [a, b] = [
        await promptLogits(findModel(inside.path), inputIds),
        await promptLogits(findModel(beside.path), inputIds),
      ];
      expect(a.data).toEqual(b.data);
      expect((await describeModel(dirname(beside.path))).hiddenSize).toBe(70);
    },
  );

  it("leave the original's files alone", async () => {
    const folder = graphFolder("llama_ext");
    const read = () => readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString("base64")]);
    const before = read();
    await makeTwin(folder, { size: 70 }, { largestInline: 0 });
    expect(read()).toEqual(before);
  });

  it("are told about as they are written, and no longer written once cancelled", async () => {
    const controller = new AbortController();
    const shares: number[] = [];
    const options = {
      signal: controller.signal,
      onProgress: (done: number, total: number) => {
        shares.push(done / total);
        if (done / total > 0.5) controller.abort();
      },
    };
    await expect(makeTwin(graphFolder("llama_ext"), {}, options)).rejects.toThrow(Cancelled);
    expect(shares.length).toBeGreaterThan(2);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBeLessThan(1);
  });
});

describe("a twin of a merged decoder", () => {
  it("is its branch without a cache, and does not ask which", async () => {
    const { path } = await makeTwin(graphFolder("llama_merged"));
    const graph = decodeModel(readFileSync(path)).graph!;
    expect(graph.node.map((n) => n.opType)).not.toContain("If");
    const names = graph.input.map((i) => i.name);
    expect(names).toContain("input_ids");
    expect(names).not.toContain("use_cache_branch");
    expect(readFileSync(join(dirname(path), "README.md"), "utf8")).toContain("without a cache");
  });
});
