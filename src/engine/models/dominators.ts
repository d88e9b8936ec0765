import type { Graph } from "./graph";
import type { NodeProto } from "./onnxProto";

/**
 * The part of a graph through which what a root value contains flows: which nodes it reaches,
 * and through which single node all of it must pass on the way to each.
 *
 * Immediate dominators by one pass in topological order (Cooper, Harvey, Kennedy: A Simple, Fast
 * Dominance Algorithm; in a graph without cycles one pass is enough).
 */
export class Flow {
  /** Reached nodes; `null` where the immediate dominator is the root itself. */
  readonly #immediate = new Map<NodeProto, NodeProto | null>();
  readonly #depth = new Map<NodeProto, number>();

  constructor(
    readonly graph: Graph,
    readonly root: string,
  ) {
    for (const node of graph.nodes) {
      const fromRoot = node.opType !== "Shape" && node.opType !== "Size" && graph.reads(node).includes(root);
      const sources = graph.predecessors(node).filter((p) => this.reaches(p));
      const [first] = sources;
      if (fromRoot) this.#add(node, null);
      else if (first !== undefined) {
        this.#add(
          node,
          sources.reduce<NodeProto | null>((a, b) => this.#meet(a, b), first),
        );
      }
    }
  }

  /** Whether the root's contents flow into the node. */
  reaches(node: NodeProto | undefined): boolean {
    return node !== undefined && this.#immediate.has(node);
  }

  /** The last node before `node` through which everything from the root passes. */
  immediateDominator(node: NodeProto): NodeProto | undefined {
    return this.#immediate.get(node) ?? undefined;
  }

  /** Whether `ancestor` is one of the nodes that `node` is computed from. */
  isAncestor(ancestor: NodeProto, node: NodeProto): boolean {
    return this.between(ancestor, node).reached;
  }

  /** The nodes that `node` is computed from, itself included, down to `ancestor` in topological order. */
  between(
    ancestor: NodeProto | undefined,
    node: NodeProto,
  ): { readonly reached: boolean; readonly nodes: ReadonlySet<NodeProto> } {
    const lowest = ancestor === undefined ? -1 : this.graph.position(ancestor);
    const seen = new Set<NodeProto>();
    const stack = [node];
    let reached = false;
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (next === ancestor && next !== node) reached = true;
      if (seen.has(next) || this.graph.position(next) <= lowest) continue;
      seen.add(next);
      for (const p of this.graph.predecessors(next)) if (this.reaches(p)) stack.push(p);
    }
    return { reached, nodes: seen };
  }

  #add(node: NodeProto, immediate: NodeProto | null): void {
    this.#immediate.set(node, immediate);
    this.#depth.set(node, immediate === null ? 1 : this.#depthOf(immediate) + 1);
  }

  #depthOf(node: NodeProto | null): number {
    return node === null ? 0 : (this.#depth.get(node) ?? 0);
  }

  /** Closest common dominator. */
  #meet(a: NodeProto | null, b: NodeProto | null): NodeProto | null {
    let left = a;
    let right = b;
    while (left !== right) {
      if (this.#depthOf(left) >= this.#depthOf(right))
        left = left === null ? null : (this.#immediate.get(left) ?? null);
      else right = right === null ? null : (this.#immediate.get(right) ?? null);
    }
    return left;
  }
}
