import { Flow } from "./dominators";
import type { Constants } from "./constants";
import type { Graph } from "./graph";
import type { NodeProto } from "./onnxProto";

/** Where a branch (attention, MLP, …) is added to the residual stream. */
export interface ResidualAdd {
  readonly node: NodeProto;
  /** The stream before: what both the branch and the sum are computed from. */
  readonly stream: string;
  readonly branches: readonly string[];
  /** The stream after. */
  readonly sum: string;
  /** Whether a branch holds attention, or what stands in for it. */
  readonly mixesPositions: boolean;
}

/** Nodes whose third extra output is the sum of their first two inputs. */
export const fusedNorms = new Set(["SkipLayerNormalization", "SkipSimplifiedLayerNormalization"]);
export const fusedSumOutput = 3;

const mixers = /^Softmax$|Attention$|^Conv$|^CausalConv|^LinearAttention/;
/** Nodes that pass on what they get. */
export const transparent: ReadonlySet<string> = new Set(["Cast", "Identity"]);

/**
 * The residual adds on the way from the token ids to f, first to last.
 *
 * A residual add has two operands, one of which the other is computed from: that one is the stream.
 * Between two of them lies at most what everything passes through (norms), which is skipped by
 * hopping to the immediate dominator.
 */
export function residualAdds(graph: Graph, constants: Constants, tokens: string, hidden: string): ResidualAdd[] {
  const flow = new Flow(graph, tokens);
  const search = new Search(graph, constants, flow);
  const adds: ResidualAdd[] = [];
  let node = graph.producer(hidden);
  while (node !== undefined && flow.reaches(node)) {
    const add = search.residualAt(node);
    if (add === undefined) node = flow.immediateDominator(node);
    else {
      adds.unshift(add);
      node = graph.producer(add.stream);
    }
  }
  return adds;
}

class Search {
  constructor(
    readonly graph: Graph,
    readonly constants: Constants,
    readonly flow: Flow,
  ) {}

  residualAt(node: NodeProto): ResidualAdd | undefined {
    const operands = this.#operands(node);
    if (operands === undefined) return undefined;
    const sum = (fusedNorms.has(node.opType) ? node.output[fusedSumOutput] : node.output[0]) ?? "";
    // (x + attention) + mlp is one add of three operands.
    const flattened = operands.map((operand, i) => {
      const inner = this.graph.producer(operand);
      const parts = inner?.opType === "Add" ? this.#operands(inner) : undefined;
      return parts === undefined ? [] : [...parts, ...operands.filter((_, j) => j !== i)];
    });
    for (const candidates of [operands, ...flattened]) {
      for (const [i, operand] of candidates.entries()) {
        const branches = candidates.filter((_, j) => j !== i);
        const stream = this.#stream(operand, branches);
        if (stream === undefined) continue;
        return { node, stream, branches, sum, mixesPositions: this.#mixes(stream, branches) };
      }
    }
    return undefined;
  }

  /** Both addends, where both depend on the tokens. */
  #operands(node: NodeProto): readonly [string, string] | undefined {
    if (node.opType !== "Add" && !fusedNorms.has(node.opType)) return undefined;
    const [a = "", b = ""] = node.input;
    return this.#isData(a) && this.#isData(b) ? [a, b] : undefined;
  }

  #isData(value: string): boolean {
    return value === this.flow.root || this.flow.reaches(this.graph.producer(value));
  }

  /** The operand, or what it is cast or scaled from, where every branch is computed from it. */
  #stream(operand: string, branches: readonly string[]): string | undefined {
    let value = operand;
    for (;;) {
      const node = this.graph.producer(value);
      if (branches.every((branch) => this.#computedFrom(branch, value))) return value;
      if (node === undefined) return undefined;
      const [a = "", b = ""] = node.input;
      if (transparent.has(node.opType)) value = a;
      else if (node.opType === "Mul" && this.graph.isConstant(b)) value = a;
      else if (node.opType === "Mul" && this.graph.isConstant(a)) value = b;
      else return undefined;
    }
  }

  #computedFrom(branch: string, value: string): boolean {
    const node = this.graph.producer(branch);
    const source = this.graph.producer(value);
    if (node === undefined) return false;
    return source === undefined ? value === this.flow.root : this.flow.between(source, node).reached;
  }

  #mixes(stream: string, branches: readonly string[]): boolean {
    const source = this.graph.producer(stream);
    return branches.some((branch) => {
      const node = this.graph.producer(branch);
      if (node === undefined) return false;
      return [...this.flow.between(source, node).nodes].some((n) => mixers.test(n.opType));
    });
  }
}

/** The values that hold h_0 … h_L. */
export interface Layers {
  readonly taps: readonly string[];
  /** The branches that were added last before each tap; none before the first. */
  readonly branches: readonly (readonly string[])[];
  /** Layers that the graph shows; differs from `taps.length - 1` only where the config is at odds with it. */
  readonly found: number;
}

/**
 * Groups residual adds into layers: evenly, where the number expected divides theirs and every group
 * mixes positions; else a layer starts where positions are mixed.
 *
 * @param expected number of layers that the config states; `undefined` where there is none
 */
export function layersOf(
  graph: Graph,
  adds: readonly ResidualAdd[],
  hidden: string,
  expected: number | undefined,
): Layers {
  const mixing = adds.flatMap((add, i) => (add.mixesPositions ? [i] : []));
  const starts = evenStarts(adds, mixing, expected) ?? mixing;
  const streams = starts.map((i) => adds[i]?.stream ?? "");
  const last = adds.at(-1);
  if (last === undefined || starts.length === 0) return { taps: [], branches: [], found: 0 };
  return {
    taps: [...streams, isPostNorm(graph, adds) ? beforeProducts(graph, hidden) : last.sum],
    branches: [...starts.map((i) => (i === 0 ? [] : (adds[i - 1]?.branches ?? []))), last.branches],
    found: starts.length,
  };
}

function evenStarts(adds: readonly ResidualAdd[], mixing: readonly number[], expected: number | undefined) {
  if (expected === undefined || expected < 1 || adds.length === 0 || adds.length % expected !== 0) return undefined;
  const stride = adds.length / expected;
  const starts = Array.from({ length: expected }, (_, i) => i * stride);
  const mixed = new Set(mixing.map((i) => Math.floor(i / stride)));
  return mixing.length === 0 || mixed.size === expected ? starts : undefined;
}

/** What f is a linear function of: post-norm models may change the coordinates of their last layer before the head. */
function beforeProducts(graph: Graph, hidden: string): string {
  let value = hidden;
  for (;;) {
    const node = graph.producer(value);
    const [a = "", b = ""] = node?.input ?? [];
    const bias = node?.opType === "Add" ? graph.producer(graph.isConstant(b) ? a : b) : undefined;
    const product = bias ?? node;
    if (product?.opType === "MatMul" && graph.isConstant(product.input[1] ?? "")) value = product.input[0] ?? "";
    else if (node !== undefined && bias === undefined && transparent.has(node.opType)) value = a;
    else return value;
  }
}

/** Whether something mostly lies between one sum and the next stream: then a layer's output is what is normalised. */
function isPostNorm(graph: Graph, adds: readonly ResidualAdd[]): boolean {
  const apart = adds.filter((add, i) => {
    const before = adds[i - 1];
    if (before === undefined) return false;
    let value = add.stream;
    for (let node = graph.producer(value); node !== undefined && transparent.has(node.opType);) {
      value = node.input[0] ?? "";
      node = graph.producer(value);
    }
    return value !== before.sum;
  });
  return apart.length > (adds.length - 1) / 2;
}
