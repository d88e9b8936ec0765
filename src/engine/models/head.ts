import type { Constants } from "./constants";
import { DataType, floatAttribute, intAttribute, type NodeProto } from "./onnxProto";
import type { Graph } from "./graph";

/** The output projection of a model and what lies between it and the logits. */
export interface Head {
  /** MatMul, Gemm or one of their quantised forms, with a constant weight. */
  readonly projection: NodeProto;
  /** f: what enters the projection, at every position. */
  readonly hidden: string;
  /** `TensorProto.DataType` of f in the graph. */
  readonly hiddenType: number;
  readonly logits: string;
  /** From the projection outwards. */
  readonly steps: readonly HeadStep[];
}

/** What happens to the product on its way to the logits. */
export type HeadStep =
  | { readonly kind: "scale"; readonly factor: number }
  | { readonly kind: "bias"; readonly value: string; readonly sign: 1 | -1 }
  /** Times a scale that depends on the input, as integer products are turned into numbers. */
  | { readonly kind: "dynamicScale"; readonly value: string }
  /** `input`: what enters, which is still linear in f. */
  | { readonly kind: "tanh"; readonly input: string }
  | { readonly kind: "mask"; readonly input: string };

/** Which input of a projection is its constant weight. */
const weightInput: Readonly<Partial<Record<string, number>>> = {
  MatMul: 1,
  Gemm: 1,
  FusedMatMul: 1,
  MatMulNBits: 1,
  MatMulInteger: 1,
  MatMulIntegerToFloat: 1,
  DynamicQuantizeMatMul: 1,
  MatMulBnb4: 1,
  MatMulFpQ4: 1,
};

const passing = new Set(["Cast", "Identity", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Slice", "Gather"]);
const positionSelectors = new Set(["Gather", "Slice", "GatherND", "GatherElements"]);
const maximumSteps = 64;

/**
 * The head that makes `logits`, found by walking back through what may follow a projection; `null`
 * where there is none. Names play no part.
 */
export function findHead(graph: Graph, constants: Constants, logits: string): Head | null {
  const found = walk(graph, constants, logits, [], 0);
  if (found === null) return null;
  const { projection } = found;
  return {
    projection,
    hidden: hiddenInput(graph, projection),
    hiddenType: hiddenType(graph, constants, projection),
    logits,
    steps: found.steps.reverse(),
  };
}

interface Found {
  readonly projection: NodeProto;
  readonly steps: HeadStep[];
}

function walk(graph: Graph, constants: Constants, value: string, steps: HeadStep[], depth: number): Found | null {
  const node = graph.producer(value);
  if (node === undefined || depth > maximumSteps) return null;
  const further = (input: string | undefined, ...more: HeadStep[]) =>
    input === undefined ? null : walk(graph, constants, input, [...steps, ...more], depth + 1);
  const [a = "", b = "", c = ""] = node.input;
  const weight = weightInput[node.opType];
  if (weight !== undefined) {
    return graph.isConstant(node.input[weight] ?? "") ? { projection: node, steps } : null;
  }
  if (passing.has(node.opType)) return further(a);
  switch (node.opType) {
    case "Tanh":
      return further(a, { kind: "tanh", input: a });
    case "Where": {
      const kept = graph.isConstant(b) ? c : b;
      return further(kept, { kind: "mask", input: kept });
    }
    case "DequantizeLinear": {
      const quantize = graph.producer(a);
      return quantize?.opType === "QuantizeLinear" ? further(quantize.input[0]) : null;
    }
    case "Add":
      if (graph.isConstant(b)) return further(a, { kind: "bias", value: b, sign: 1 });
      return graph.isConstant(a) ? further(b, { kind: "bias", value: a, sign: 1 }) : null;
    case "Sub":
      return graph.isConstant(b) ? further(a, { kind: "bias", value: b, sign: -1 }) : null;
    case "Div": {
      const divisor = constants.scalar(b);
      return divisor === undefined ? null : further(a, { kind: "scale", factor: 1 / divisor });
    }
    case "Mul": {
      for (const [data, factor] of [
        [a, b],
        [b, a],
      ] as const) {
        const scalar = constants.scalar(factor);
        if (scalar !== undefined) return further(data, { kind: "scale", factor: scalar });
      }
      const left = integerProduct(graph, a) ? further(a, { kind: "dynamicScale", value: b }) : null;
      return left ?? (integerProduct(graph, b) ? further(b, { kind: "dynamicScale", value: a }) : null);
    }
    default:
      return null;
  }
}

/** Whether a value is an integer product on its way to being scaled. */
function integerProduct(graph: Graph, value: string): boolean {
  let node = graph.producer(value);
  while (node !== undefined && passing.has(node.opType)) node = graph.producer(node.input[0] ?? "");
  return node?.opType === "MatMulInteger";
}

/** f at every position: before quantisation, flattening, and the selection of the last token. */
function hiddenInput(graph: Graph, projection: NodeProto): string {
  let value = projection.input[0] ?? "";
  for (;;) {
    const node = graph.producer(value);
    const input = node?.input[0];
    if (node === undefined || input === undefined || graph.isConstant(input)) return value;
    const skipped =
      node.opType === "DynamicQuantizeLinear" ||
      positionSelectors.has(node.opType) ||
      ((node.opType === "Reshape" || node.opType === "Flatten" || node.opType === "Squeeze") &&
        projection.opType === "Gemm");
    if (!skipped) return value;
    value = input;
  }
}

/** Operators that take float32 whatever type their weight has. */
const takesFloat = new Set(["MatMulInteger", "MatMulIntegerToFloat", "DynamicQuantizeMatMul"]);
export const floatingPoint: ReadonlySet<number> = new Set<number>([
  DataType.float,
  DataType.float16,
  DataType.bfloat16,
  DataType.double,
]);

/** Type of f: that of the weight, its scales or, where neither says, of what the weight is computed from. */
function hiddenType(graph: Graph, constants: Constants, projection: NodeProto): number {
  if (takesFloat.has(projection.opType)) return DataType.float;
  const weights = projection.input.slice(1).filter((name) => name !== "");
  const types = [
    ...weights.map((name) => constants.elementType(name)),
    ...graph
      .needed(weights)
      .reverse()
      .flatMap((node) => node.input.map((name) => constants.elementType(name))),
  ];
  return types.find((type) => type !== undefined && floatingPoint.has(type)) ?? DataType.float;
}

/** Whether the weight is stored as [vocabulary, d] rather than [d, vocabulary] as far as the operator says. */
export function weightIsTransposed(projection: NodeProto): boolean {
  return projection.opType === "MatMulNBits" || intAttribute(projection, "transB", 0) === 1;
}

/** Constant factor of the operator itself. */
export function projectionFactor(projection: NodeProto): number {
  return projection.opType === "Gemm" || projection.opType === "FusedMatMul"
    ? floatAttribute(projection, "alpha", 1)
    : 1;
}
