import { DataType, attributeOf, type GraphProto, type NodeProto, type TensorProto } from "./onnxProto";

/** Outputs of these say how large a tensor is, not what is in it: data does not flow through them. */
const shapeOperators = new Set(["Shape", "Size"]);

/** An ONNX graph with its nodes in topological order, and who makes and who reads each value. */
export class Graph {
  /** Topologically sorted. */
  readonly nodes: readonly NodeProto[];
  readonly #position = new Map<NodeProto, number>();
  readonly #producer = new Map<string, NodeProto>();
  readonly #consumers = new Map<string, NodeProto[]>();
  readonly #constants = new Map<string, TensorProto>();
  readonly #inputs: ReadonlySet<string>;
  readonly #reads = new Map<NodeProto, readonly string[]>();
  /** Values computed from constants alone. */
  readonly #fixed = new Set<string>();

  /** @throws RangeError where the graph has a cycle or a value with two producers. */
  constructor(readonly proto: GraphProto) {
    for (const tensor of proto.initializer) this.#constants.set(tensor.name, tensor);
    this.#inputs = new Set(proto.input.map((i) => i.name).filter((name) => !this.#constants.has(name)));
    const own: NodeProto[] = [];
    for (const node of proto.node) {
      // Some exporters repeat a constant; onnxruntime, too, keeps one of them.
      if (node.opType === "Constant" && this.#producer.get(node.output[0] ?? "")?.opType === "Constant") continue;
      own.push(node);
      const reads = [...node.input, ...capturedValues(node)].filter((name) => name !== "");
      this.#reads.set(node, reads);
      for (const name of reads) push(this.#consumers, name, node);
      for (const name of node.output) {
        if (name === "") continue;
        if (this.#producer.has(name)) throw new RangeError(`two nodes produce "${name}"`);
        this.#producer.set(name, node);
      }
      const value = node.opType === "Constant" ? attributeOf(node, "value")?.t : undefined;
      if (value !== undefined && node.output[0] !== undefined) this.#constants.set(node.output[0], value);
    }
    this.nodes = this.#sorted(own);
    this.nodes.forEach((node, i) => this.#position.set(node, i));
    for (const name of this.#constants.keys()) this.#fixed.add(name);
    for (const node of this.nodes) {
      const reads = this.reads(node);
      if (reads.length > 0 ? reads.every((name) => this.#fixed.has(name)) : node.opType === "Constant") {
        for (const name of node.output) this.#fixed.add(name);
      }
    }
  }

  producer(value: string): NodeProto | undefined {
    return this.#producer.get(value);
  }

  consumers(value: string): readonly NodeProto[] {
    return this.#consumers.get(value) ?? [];
  }

  /** An initializer, or the tensor of a Constant node. */
  constant(value: string): TensorProto | undefined {
    return this.#constants.get(value);
  }

  isInput(value: string): boolean {
    return this.#inputs.has(value);
  }

  /** Everything a node reads, with what its subgraphs take from outside. */
  reads(node: NodeProto): readonly string[] {
    return this.#reads.get(node) ?? [];
  }

  /** Place in the topological order. */
  position(node: NodeProto): number {
    return this.#position.get(node) ?? -1;
  }

  /** Whether a value is computed from constants alone, as a transposed or a dequantised weight is. */
  isConstant(value: string): boolean {
    return this.#fixed.has(value);
  }

  /** Producers of the values whose contents flow into a node, without repeats. */
  predecessors(node: NodeProto): NodeProto[] {
    if (shapeOperators.has(node.opType)) return [];
    const found = new Set<NodeProto>();
    for (const name of this.reads(node)) {
      const producer = this.producer(name);
      if (producer !== undefined && !shapeOperators.has(producer.opType)) found.add(producer);
    }
    return [...found];
  }

  /** Nodes that the values need where some are given, in topological order. */
  needed(values: readonly string[], given: ReadonlySet<string> = new Set()): NodeProto[] {
    const seen = new Set<NodeProto>();
    const stack = [...values];
    while (stack.length > 0) {
      const value = stack.pop() ?? "";
      const node = given.has(value) ? undefined : this.producer(value);
      if (node === undefined || seen.has(node)) continue;
      seen.add(node);
      for (const name of this.reads(node)) stack.push(name);
    }
    return [...seen].sort((a, b) => this.position(a) - this.position(b));
  }

  /** Values whose contents a value is computed from where some are given, the last ones before these included. */
  dataRead(value: string, given: ReadonlySet<string>): ReadonlySet<string> {
    const read = new Set([value]);
    // A set goes on to what is added while it is walked through.
    for (const name of read) {
      const node = given.has(name) ? undefined : this.producer(name);
      if (node === undefined || shapeOperators.has(node.opType)) continue;
      for (const input of this.reads(node)) read.add(input);
    }
    return read;
  }

  #sorted(nodes: readonly NodeProto[]): NodeProto[] {
    const sorted: NodeProto[] = [];
    const missing = new Map<NodeProto, number>();
    const ready: NodeProto[] = [];
    for (const node of nodes) {
      const count = this.reads(node).filter((name) => this.#producer.has(name)).length;
      missing.set(node, count);
      if (count === 0) ready.push(node);
    }
    for (let i = 0; i < ready.length; i++) {
      const node = ready[i];
      if (node === undefined) break;
      sorted.push(node);
      for (const output of node.output) {
        for (const consumer of this.consumers(output)) {
          const left = (missing.get(consumer) ?? 0) - 1;
          missing.set(consumer, left);
          if (left === 0) ready.push(consumer);
        }
      }
    }
    if (sorted.length < nodes.length) throw new RangeError("its nodes form a cycle");
    return sorted;
  }
}

/** Values of the enclosing graph that a node's subgraphs read. */
function capturedValues(node: NodeProto): string[] {
  return node.attribute.flatMap((a) => [...(a.g === undefined ? [] : [a.g]), ...a.graphs]).flatMap(freeValues);
}

function freeValues(graph: GraphProto): string[] {
  const own = new Set([
    ...graph.input.map((i) => i.name),
    ...graph.initializer.map((t) => t.name),
    ...graph.node.flatMap((n) => n.output),
  ]);
  const read = [...graph.node.flatMap((n) => [...n.input, ...capturedValues(n)]), ...graph.output.map((o) => o.name)];
  return read.filter((name) => name !== "" && !own.has(name));
}

/** Integer type of token ids, positions and masks. */
export function isInteger(elementType: number): boolean {
  return elementType === DataType.int32 || elementType === DataType.int64;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
