import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { analyze } from "../../../src/engine/engine";
import { decodeModel, encodeModel, makeNode, type GraphProto } from "../../../src/engine/models/onnxProto";
import type { Report } from "../../../src/protocol/report";
import { embedded } from "../models/hubServer";
import { newFolder } from "../models/support";

/** The embedded model with another head. */
function withHead(change: (graph: GraphProto, head: GraphProto["node"][number]) => void): string {
  const folder = join(newFolder(), "model");
  cpSync(embedded, folder, { recursive: true });
  const path = join(folder, "onnx/model.onnx");
  const model = decodeModel(readFileSync(path));
  const graph = model.graph!;
  const head = graph.node.find(({ output }) => output.includes("logits"))!;
  expect(head.opType).toMatch(/MatMul|Gemm/);
  change(graph, head);
  writeFileSync(path, encodeModel(model));
  return folder;
}

async function reportOf(model: string): Promise<Report> {
  const file = join(import.meta.dirname, "../../../samples/superlative.relation.yaml");
  const settings = { model, seed: 0, only: ["parallelism"], layers: "last", bos: "auto", twins: 0 } as const;
  const outcome = await analyze(
    { file, settings },
    { signal: new AbortController().signal, onProgress: () => undefined },
  );
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.value;
}

it("a report says that the unembedding was measured, and has the figures of the one that is read", async () => {
  const measured = await reportOf(
    withHead((graph, head) => {
      const weight = head.input[1]!;
      graph.node.push(makeNode("Neg", [weight], ["turned"]), makeNode("Neg", ["turned"], ["turned.back"]));
      head.input[1] = "turned.back";
    }),
  );
  const read = await reportOf(embedded);
  const of = ({ warnings }: Report) => warnings.filter(({ where }) => where === "model");
  expect(of(measured)).toEqual([
    { code: "head-measured", message: expect.stringContaining("basis vectors") as string, where: "model" },
  ]);
  expect(of(read)).toEqual([]);
  expect(measured.parallelism!.distributional!.mean).toBeCloseTo(read.parallelism!.distributional!.mean, 5);
});
