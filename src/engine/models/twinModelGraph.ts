import { clone, create } from "@bufbuild/protobuf";
import type { Constants } from "./constants";
import { Graph } from "./graph";
import { weightIsTransposed, type Head } from "./head";
import { DataType, makeNode, nodeSchema, tensorSchema, type GraphProto, type NodeProto } from "./onnxProto";

/** The tensors that make a graph another model's, both float32 and still without numbers. */
export interface TwinTensors {
  /** Initializer M [d, d~], with f~ = f M. */
  readonly map: string;
  /** Initializer g~. */
  readonly unembedding: string;
  /** g~ is stored as [vocabulary, d~], else as [d~, vocabulary]. */
  readonly byToken: boolean;
}

export interface TwinSizes {
  readonly hidden: number;
  readonly twinHidden: number;
  readonly vocabulary: number;
}

/** These leave what a position holds as it is. */
const selectors = new Set(["Gather", "GatherND", "Slice"]);

/**
 * Puts a product with M before the output projection, and gives the projection another weight; both in float32,
 * whatever the model computes in. The bias, constant factors and whatever follows the projection stay. A general T
 * cannot be folded into the final norm, whose weight is a diagonal, so the product is always there.
 * @param graph index of `proto`, which is changed
 */
export function putTwinHead(
  proto: GraphProto,
  graph: Graph,
  constants: Constants,
  head: Head,
  sizes: TwinSizes,
): TwinTensors {
  const { projection } = head;
  const prefix = unusedPrefix(graph);
  const isFloat = head.hiddenType === DataType.float;
  const between = nodesBetween(graph, head);
  // What reshapes knows the hidden size.
  const early = between.every((node) => selectors.has(node.opType));
  const nodes: NodeProto[] = [];
  const add = (opType: string, inputs: readonly string[], output: string, attributes = {}): string => {
    nodes.push(makeNode(opType, inputs, [output], attributes));
    return output;
  };
  const asFloat = (value: string, name: string): string =>
    (constants.elementType(value) ?? head.hiddenType) === DataType.float
      ? value
      : add("Cast", [value], name, { to: BigInt(DataType.float) });

  const source = early ? head.hidden : (projection.input[0] ?? "");
  const map = `${prefix}.map`;
  const unembedding = `${prefix}.unembedding`;
  const f = isFloat ? source : add("Cast", [source], `${prefix}.float`, { to: BigInt(DataType.float) });
  let value = add("MatMul", [f, map], `${prefix}.hidden`);
  for (const [i, node] of (early ? between : []).entries()) {
    const selected = clone(nodeSchema, node);
    selected.name = "";
    selected.input[0] = value;
    selected.output[0] = value = `${prefix}.selected${i}`;
    nodes.push(selected);
  }

  const logits = projection.output[0] ?? "";
  const product = isFloat ? logits : `${prefix}.product`;
  const byToken = projection.opType !== "MatMulNBits" && weightIsTransposed(projection);
  if (projection.opType === "MatMulNBits") {
    const bias = projection.input[5] ?? "";
    if (bias === "") add("MatMul", [value, unembedding], product);
    else {
      const unbiased = add("MatMul", [value, unembedding], `${prefix}.unbiased`);
      add("Add", [unbiased, asFloat(bias, `${prefix}.bias`)], product);
    }
  } else {
    const further = projection.input
      .slice(2)
      .map((name, i) => (name === "" ? "" : asFloat(name, `${prefix}.input${i}`)));
    const changed = clone(nodeSchema, projection);
    changed.input = [value, unembedding, ...further];
    changed.output = [product];
    nodes.push(changed);
  }
  if (!isFloat) add("Cast", [product], logits, { to: BigInt(head.hiddenType) });

  proto.node.splice(proto.node.indexOf(projection), 1, ...nodes);
  const { hidden, twinHidden, vocabulary } = sizes;
  const float = (name: string, dims: readonly number[]) =>
    create(tensorSchema, { name, dims: dims.map(BigInt), dataType: DataType.float });
  proto.initializer.push(
    float(map, [hidden, twinHidden]),
    float(unembedding, byToken ? [vocabulary, twinHidden] : [twinHidden, vocabulary]),
  );
  return { map, unembedding, byToken };
}

/** Leaves out nodes, weights and notes that no output needs, such as the head's former weight. */
export function dropUnneeded(proto: GraphProto, alsoInputs: boolean): void {
  const graph = new Graph(proto);
  const outputs = proto.output.map((o) => o.name);
  const needed = new Set(graph.needed(outputs));
  const read = new Set([...outputs, ...[...needed].flatMap((node) => graph.reads(node))]);
  const dropped = new Set(proto.initializer.flatMap(({ name }) => (read.has(name) ? [] : [name])));
  const made = new Set([...needed].flatMap((node) => node.output));
  proto.node = proto.node.filter((node) => needed.has(node));
  proto.initializer = proto.initializer.filter(({ name }) => read.has(name));
  proto.input = proto.input.filter(({ name }) => !dropped.has(name) && (!alsoInputs || read.has(name)));
  proto.valueInfo = proto.valueInfo.filter(({ name }) => made.has(name));
}

/** From f to what enters the projection, in order. */
function nodesBetween(graph: Graph, { projection, hidden }: Head): readonly NodeProto[] {
  const found: NodeProto[] = [];
  for (let value = projection.input[0] ?? ""; value !== hidden;) {
    const node = graph.producer(value);
    if (node === undefined) throw new RangeError("f does not lead to the output projection");
    found.unshift(node);
    value = node.input[0] ?? "";
  }
  return found;
}

/** A twin may be made of a twin. */
function unusedPrefix(graph: Graph): string {
  for (let i = 1; ; i++) {
    const prefix = `twin${i}`;
    if (graph.constant(`${prefix}.map`) === undefined && graph.producer(`${prefix}.hidden`) === undefined)
      return prefix;
  }
}
