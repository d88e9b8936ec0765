import { clone } from "@bufbuild/protobuf";
import { makeNode, nodeSchema, type NodeProto } from "./onnxProto";
import { fusedNorms, fusedSumOutput } from "./residualStream";

/** A place in a graph where a vector can be added to h_l such that all that reads h_l reads the sum. */
export interface InjectionSite {
  readonly layer: number;
  /** The value that holds h_l. */
  readonly value: string;
  /** Shape of h_l: [batch, length, width], or [batch · length, width]. */
  readonly rank: 2 | 3;
  readonly width: number;
  /** Element type of h_l; `null` where the graph can be asked to convert to it. */
  readonly elementType: number | null;
}

export const injectionName = (layer: number): string => `relation_lens.injected${layer}`;

/**
 * A node of the graph, with the additions that belong to it. A fused norm adds up inside, so that the vector is
 * added to what enters it; of all other nodes to what leaves them, under the name that the readers know.
 */
export function injected(node: NodeProto, sites: readonly InjectionSite[]): NodeProto[] {
  const own = sites.filter((site) => node.output.includes(site.value));
  if (own.length === 0) return [node];
  const copy = clone(nodeSchema, node);
  const before: NodeProto[] = [];
  const after: NodeProto[] = [];
  for (const site of own) {
    const name = injectionName(site.layer);
    if (isFusedSum(node, site.value)) {
      const operand = copy.input[0] ?? "";
      copy.input[0] = `${name}.operand`;
      before.push(...addition(site, operand, copy.input[0]));
    } else {
      const original = `${name}.before`;
      copy.output = copy.output.map((output) => (output === site.value ? original : output));
      after.push(...addition(site, original, site.value));
    }
  }
  return [...before, copy, ...after];
}

function addition({ layer, elementType }: InjectionSite, operand: string, sum: string): NodeProto[] {
  const name = injectionName(layer);
  const typed = `${name}.typed`;
  return [
    elementType === null
      ? makeNode("CastLike", [name, operand], [typed])
      : makeNode("Cast", [name], [typed], { to: BigInt(elementType) }),
    makeNode("Add", [operand, typed], [sum]),
  ];
}

/** Whether a node gives a value as the sum of its operands, beside the norm of that sum. */
export function isFusedSum(node: NodeProto, value: string): boolean {
  return fusedNorms.has(node.opType) && node.output[fusedSumOutput] === value;
}
