import { Constants } from "./constants";
import type { ModelConfig } from "./config";
import { exposeSums } from "./editGraph";
import { floatingType } from "./floatingType";
import { Graph, isInteger } from "./graph";
import { findHead, type Head } from "./head";
import { declared } from "./inputs";
import { inlineNoCacheBranch } from "./mergedDecoder";
import { exportAgain, type ModelFile } from "./modelFile";
import { modelProblem } from "./modelProblem";
import { DataType, type NodeProto } from "./onnxProto";
import { layersOf, residualAdds, type Layers } from "./residualStream";
import { shapeOf } from "./tensorData";

/** What was found in a graph by its topology. */
export interface Anatomy {
  readonly graph: Graph;
  readonly constants: Constants;
  /** Name of the input that takes token ids. */
  readonly tokens: string;
  readonly head: Head;
  /** Output of the embedding's Gather; `null` where it was not found. */
  readonly embedding: string | null;
  readonly layers: Layers;
  /** By the config, else by the caches that the graph gives back; `undefined` where neither says. */
  readonly expectedLayers: number | undefined;
  /** The graph has recurrent nodes and no residual stream. */
  readonly recurrent: boolean;
  /** Words for the weights' type, such as "float32" or "q4". */
  readonly dtype: string;
  /** Whether the activations are quantised on the way, so that logits = f gᵀ holds only roughly. */
  readonly quantizesActivations: boolean;
  /** Such as "MatMul, tied to the embedding". */
  readonly headText: string;
}

const recurrentOperators = new Set(["LSTM", "GRU", "RNN", "Scan", "Loop"]);
const searchOperators = new Set(["BeamSearch", "GreedySearch", "Sampling", "WhisperBeamSearch"]);
const caches = /present|past|cache|state/i;

/** Inlines a merged decoder, exposes the sums of fused norms, and finds the parts. Changes `file.proto`. @throws ProblemError */
export function findAnatomy(file: ModelFile, config: ModelConfig): Anatomy {
  const proto = file.proto.graph;
  inlineNoCacheBranch(proto);
  exposeSums(proto);
  let graph: Graph;
  try {
    graph = new Graph(proto);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw modelProblem("model-graph", file.path, `The graph is not valid: ${reason}.`, exportAgain);
  }
  const constants = new Constants(graph, file.folder);
  const head = chooseHead(file, graph, constants);
  const tokens = tokenInput(file, graph, config);
  const adds = residualAdds(graph, constants, tokens, head.hidden);
  const expectedLayers = config.layers ?? layersFromCache(graph);
  const layers = layersOf(graph, adds, head.hidden, expectedLayers);
  const gather = embeddingGather(graph, tokens, adds[0]?.stream);
  const embedding = gather?.output[0] ?? null;
  const operators = new Set(graph.needed([head.logits]).map((n) => n.opType));
  // A head in float32 may follow layers in binary16.
  const types = [head.hiddenType, embedding === null ? undefined : floatingType(constants, embedding)];
  return {
    graph,
    constants,
    tokens,
    head,
    embedding,
    layers,
    expectedLayers,
    recurrent: layers.found === 0 && [...operators].some((op) => recurrentOperators.has(op)),
    dtype: weightType(graph, types, operators),
    quantizesActivations: head.projection.opType !== "MatMulNBits" && integerHeads.has(head.projection.opType),
    headText: describeHead(graph, head, gather),
  };
}

const integerHeads = new Set(["MatMulInteger", "MatMulIntegerToFloat", "DynamicQuantizeMatMul"]);

function chooseHead(file: ModelFile, graph: Graph, constants: Constants): Head {
  const outputs = graph.proto.output.map((o) => o.name);
  const candidates = [...outputs].filter((name) => !caches.test(name)).sort((a, b) => rank(a) - rank(b));
  for (const output of candidates) {
    const head = findHead(graph, constants, output);
    if (head !== null) return head;
  }
  const search = graph.nodes.find((n) => searchOperators.has(n.opType));
  const shown = outputs.slice(0, 3).map((name) => `\`${name}\``);
  const seen = `its outputs are ${shown.join(", ")}${outputs.length > 3 ? ", …" : ""}`;
  if (search !== undefined) {
    throw modelProblem(
      "model-search-graph",
      file.path,
      `The model is packed inside a ${search.opType} node (${seen}), so that its logits cannot be read.`,
      "Choose the export of the model itself, without generation built in.",
    );
  }
  throw modelProblem("model-no-projection", file.path, `The graph has no output projection (${seen}).`, exportAgain);
}

const rank = (name: string): number => (name === "logits" ? 0 : /logit|score/i.test(name) ? 1 : 2);

function tokenInput(file: ModelFile, graph: Graph, config: ModelConfig): string {
  const integers = graph.proto.input.map(declared).filter((i) => isInteger(i.elementType) && graph.isInput(i.name));
  const named = integers.find((i) => i.name === "input_ids");
  if (named !== undefined) return named.name;
  const tables = integers.flatMap(({ name }) =>
    gathersOf(graph, name).map((node) => ({ name, rows: tableRows(graph, node) ?? 0 })),
  );
  const wanted = config.vocabularySize;
  const found =
    tables.find((t) => t.rows === wanted) ??
    tables.reduce<(typeof tables)[number] | undefined>(
      (a, b) => (a === undefined || b.rows > a.rows ? b : a),
      undefined,
    );
  if (found !== undefined) return found.name;
  const inputs = graph.proto.input.filter((i) => graph.isInput(i.name)).map((i) => `\`${i.name}\``);
  throw modelProblem(
    "model-no-token-input",
    file.path,
    `The graph takes no token ids (its inputs are ${inputs.slice(0, 4).join(", ")}).`,
    exportAgain,
  );
}

/** Nodes that look up rows of a constant table by what an input holds. */
function gathersOf(graph: Graph, input: string): NodeProto[] {
  return graph.consumers(input).flatMap((node) => {
    if (node.opType === "EmbedLayerNormalization" && node.input[0] === input) return [node];
    const isLookup = node.opType === "Gather" || node.opType === "GatherBlockQuantized";
    if (isLookup) return node.input[1] === input && graph.isConstant(node.input[0] ?? "") ? [node] : [];
    const passes = ["Cast", "Identity", "Reshape", "Unsqueeze", "Squeeze"].includes(node.opType);
    return passes && node.input[0] === input ? gathersOf(graph, node.output[0] ?? "") : [];
  });
}

/** The constant whose rows a lookup gives. */
export function table(graph: Graph, node: NodeProto): string {
  return rootConstant(graph, (node.opType === "EmbedLayerNormalization" ? node.input[2] : node.input[0]) ?? "");
}

function tableRows(graph: Graph, node: NodeProto): number | undefined {
  const tensor = graph.constant(table(graph, node));
  return tensor === undefined ? undefined : shapeOf(tensor)[0];
}

/** The lookup that the stream starts from; where there is no stream, the one in the largest table. */
function embeddingGather(graph: Graph, tokens: string, stream: string | undefined): NodeProto | undefined {
  const gathers = gathersOf(graph, tokens);
  if (stream !== undefined) {
    const sources = new Set(graph.needed([stream]));
    return gathers.find((g) => sources.has(g));
  }
  return gathers.sort((a, b) => (tableRows(graph, b) ?? 0) - (tableRows(graph, a) ?? 0))[0];
}

/** Number of layers by the caches that the graph gives back, `present.N.key` or one stacked `present_N` each. */
function layersFromCache(graph: Graph): number | undefined {
  const numbers = graph.proto.output.flatMap(({ name }) => {
    const found = /^present\D*(\d+)/.exec(name)?.[1];
    return found === undefined ? [] : [Number(found)];
  });
  return numbers.length === 0 ? undefined : new Set(numbers).size;
}

function weightType(graph: Graph, types: readonly (number | undefined)[], operators: ReadonlySet<string>): string {
  const isBrain = types.includes(DataType.bfloat16);
  const half = isBrain || types.includes(DataType.float16);
  const bits = graph.nodes
    .filter((n) => n.opType === "MatMulNBits")
    .map((n) => Number(n.attribute.find((a) => a.name === "bits")?.i ?? 4n));
  if (["MatMulBnb4", "MatMulFpQ4"].some((op) => operators.has(op))) bits.push(4);
  if (bits.length > 0) return `q${Math.min(...bits)}${half ? "f16" : ""}`;
  if ([...integerHeads].some((op) => operators.has(op))) return "int8";
  const dequantizes = graph.nodes.some((n) => n.opType === "DequantizeLinear" && graph.isConstant(n.input[0] ?? ""));
  if (dequantizes) return "int8";
  if (isBrain) return "bfloat16";
  return half ? "float16" : "float32";
}

function describeHead(graph: Graph, head: Head, gather: NodeProto | undefined): string {
  const weight = rootConstant(graph, head.projection.input[1] ?? "");
  const tied = gather !== undefined && weight !== "" && weight === table(graph, gather);
  return [
    head.projection.opType,
    ...(tied ? ["tied to the embedding"] : []),
    ...(head.steps.some((s) => s.kind === "bias") ? ["with a bias"] : []),
    ...(head.steps.some((s) => s.kind === "tanh") ? ["soft-capped"] : []),
  ].join(", ");
}

function rootConstant(graph: Graph, value: string): string {
  let source = value;
  for (;;) {
    const node = graph.constant(source) === undefined ? graph.producer(source) : undefined;
    if (node?.input[0] === undefined) return source;
    source = node.input[0];
  }
}
