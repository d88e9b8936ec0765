import type { GraphProto, NodeProto } from "./onnxProto";
import { attributeOf, DataType, makeNode } from "./onnxProto";

/**
 * A merged decoder holds the model twice, in the branches of an `If` on `use_cache_branch`. Puts the
 * nodes of the branch without a cache in its place; the graph is changed.
 * @returns whether there was one
 */
export function inlineNoCacheBranch(graph: GraphProto): boolean {
  const outputs = new Set(graph.output.map((o) => o.name));
  const index = graph.node.findIndex((n) => n.opType === "If" && n.output.some((o) => outputs.has(o)));
  const node = graph.node[index];
  if (node === undefined) return false;
  const negated = conditionIsNegated(graph, node);
  if (negated === undefined) return false;
  const branch = attributeOf(node, negated ? "then_branch" : "else_branch")?.g;
  if (branch === undefined) return false;
  const taken = new Set([
    ...graph.node.flatMap((n) => n.output),
    ...graph.initializer.map((t) => t.name),
    ...graph.input.map((i) => i.name),
  ]);
  const own = [...branch.node.flatMap((n) => n.output), ...branch.initializer.map((t) => t.name)];
  const renamed = new Map<string, string>();
  for (const name of own) if (taken.has(name)) renamed.set(name, `relation_lens.branch.${name}`);
  rename(branch, renamed);
  const identities = branch.output.map((output, i) =>
    makeNode("Identity", [renamed.get(output.name) ?? output.name], [node.output[i] ?? ""]),
  );
  graph.node.splice(index, 1, ...branch.node, ...identities);
  graph.initializer.push(...branch.initializer);
  graph.valueInfo.push(...branch.valueInfo);
  return true;
}

/** The condition is a boolean input, true for the branch with a cache, perhaps negated; `undefined` for any other. */
function conditionIsNegated(graph: GraphProto, node: NodeProto): boolean | undefined {
  let condition = node.input[0] ?? "";
  let negated = false;
  for (;;) {
    const input = graph.input.find((i) => i.name === condition);
    if (input !== undefined) return input.type?.tensorType?.elemType === DataType.bool ? negated : undefined;
    const producer = graph.node.find((n) => n.output.includes(condition));
    if (producer === undefined || !["Not", "Cast", "Identity", "Squeeze", "Reshape"].includes(producer.opType))
      return undefined;
    if (producer.opType === "Not") negated = !negated;
    condition = producer.input[0] ?? "";
  }
}

function rename(graph: GraphProto, names: ReadonlyMap<string, string>): void {
  if (names.size === 0) return;
  const replaced = (name: string) => names.get(name) ?? name;
  for (const node of graph.node) {
    node.input = node.input.map(replaced);
    node.output = node.output.map(replaced);
    for (const attribute of node.attribute) {
      if (attribute.g !== undefined) rename(attribute.g, names);
      for (const inner of attribute.graphs) rename(inner, names);
    }
  }
  for (const named of [...graph.initializer, ...graph.valueInfo]) named.name = replaced(named.name);
}
