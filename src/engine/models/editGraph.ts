import { clone, create } from "@bufbuild/protobuf";
import type { Graph } from "./graph";
import {
  DataType,
  encodeModel,
  graphSchema,
  makeNode,
  makeValueInfo,
  modelSchema,
  nodeSchema,
  type GraphProto,
  type ModelProto,
  type ValueInfo,
} from "./onnxProto";
import { injected, injectionName, type InjectionSite } from "./injectionNodes";
import { fusedNorms, fusedSumOutput } from "./residualStream";
import type { Head } from "./head";

type Model = ModelProto & { graph: GraphProto };

/** A graph cut out of a model, ready for onnxruntime; its weights are still where they were. */
export interface CutGraph {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly inputs: readonly ValueInfo[];
}

/** Output names: f, and h_0 … h_L. */
export const finalName = "relation_lens.f";
export const layerName = (layer: number): string => `relation_lens.h${layer}`;
const headInputName = "relation_lens.head_input";
const headOutputName = "relation_lens.logits";

/** Gives every fused norm the output that holds the sum of its operands, before the graph is indexed. */
export function exposeSums(graph: GraphProto): void {
  graph.node.forEach((node, i) => {
    if (!fusedNorms.has(node.opType) || (node.output[fusedSumOutput] ?? "") !== "") return;
    while (node.output.length < fusedSumOutput) node.output.push("");
    node.output[fusedSumOutput] = `relation_lens.sum${i}`;
  });
}

/**
 * The part of a model that computes the tapped values, each cast to float32; the head and whatever
 * else they do not need is left out.
 * @param taps value in the graph by output name
 */
export function tappedGraph(model: Model, graph: Graph, taps: ReadonlyMap<string, string>): CutGraph {
  return cut(
    model,
    graph,
    [...taps].map(([name, value]) => ({ name, value })),
  );
}

/** As `tappedGraph`, with an input for each site that is added to the residual stream there. */
export function injectedGraph(
  model: Model,
  graph: Graph,
  taps: ReadonlyMap<string, string>,
  sites: readonly InjectionSite[],
): CutGraph {
  const outputs = [...taps].map(([name, value]) => ({ name, value }));
  return cut(model, graph, outputs, new Map(), sites);
}

/** The part of a model between f, given as float32, and its logits. */
export function headGraph(
  model: Model,
  graph: Graph,
  head: Head,
): CutGraph & { readonly hiddenInput: string; readonly output: string } {
  const given = new Map([[head.hidden, head.hiddenType]]);
  const logits = { name: headOutputName, value: head.logits };
  return { ...cut(model, graph, [logits], given), hiddenInput: headInputName, output: headOutputName };
}

/** A model that computes logits = f gᵀ (+ b) with g and b as inputs, so that onnxruntime does large products. */
export function productGraph(hasBias: boolean): Uint8Array<ArrayBuffer> {
  const f = DataType.float;
  return encodeModel(
    create(modelSchema, {
      irVersion: 8n,
      opsetImport: [{ domain: "", version: 13n }],
      graph: {
        name: "product",
        node: [makeNode("Gemm", hasBias ? ["f", "g", "b"] : ["f", "g"], ["logits"], { transB: 1n })],
        input: [
          makeValueInfo("f", f, ["rows", "hidden"]),
          makeValueInfo("g", f, ["vocabulary", "hidden"]),
          ...(hasBias ? [makeValueInfo("b", f, ["vocabulary"])] : []),
        ],
        output: [makeValueInfo("logits", f, ["rows", "vocabulary"])],
      },
    }),
  );
}

/** Values `given` from outside become one float32 input, cast to the type named. */
function cut(
  model: Model,
  graph: Graph,
  outputs: readonly { readonly name: string; readonly value: string }[],
  given: ReadonlyMap<string, number> = new Map(),
  sites: readonly InjectionSite[] = [],
): CutGraph {
  const nodes = graph.needed(
    outputs.map((o) => o.value),
    new Set(given.keys()),
  );
  const read = new Set([...nodes.flatMap((n) => graph.reads(n)), ...outputs.map((o) => o.value)]);
  const made = new Set(nodes.flatMap((n) => n.output));
  const proto = graph.proto;
  const initializers = proto.initializer.filter((t) => read.has(t.name));
  const inputs = proto.input.filter((i) => read.has(i.name) && !given.has(i.name));
  const kept = clone(
    graphSchema,
    create(graphSchema, { ...proto, node: [], initializer: [], valueInfo: [], output: [] }),
  );
  kept.node = [
    ...[...given].map(([value, type]) => makeNode("Cast", [headInputName], [value], { to: BigInt(type) })),
    ...nodes.flatMap((n) => injected(n.output.some((o) => given.has(o)) ? withoutOutputs(n, given) : n, sites)),
    ...outputs.map(({ name, value }) => makeNode("Cast", [value], [name], { to: BigInt(DataType.float) })),
  ];
  kept.initializer = initializers;
  kept.input = [
    ...inputs,
    ...(given.size > 0 ? [makeValueInfo(headInputName, DataType.float)] : []),
    // Without a shape: onnxruntime must not fuse what may be broadcast.
    ...sites.map(({ layer }) => makeValueInfo(injectionName(layer), DataType.float)),
  ];
  kept.output = outputs.map(({ name }) => makeValueInfo(name, DataType.float));
  kept.valueInfo = proto.valueInfo.filter((v) => made.has(v.name) && !given.has(v.name));
  const constant = new Set(initializers.map((t) => t.name));
  return {
    bytes: encodeModel({ ...model, graph: kept }),
    inputs: inputs.filter((i) => !constant.has(i.name)),
  };
}

/** A node that is needed for its other outputs, with those that are given renamed out of the way. */
function withoutOutputs(node: GraphProto["node"][number], given: ReadonlyMap<string, number>) {
  const copy = clone(nodeSchema, node);
  copy.output = node.output.map((name) => (given.has(name) ? "" : name));
  return copy;
}
