import { table, type Anatomy } from "./anatomy";
import { floatingType } from "./floatingType";
import { isFusedSum, type InjectionSite } from "./injectionNodes";
import type { ModelProto } from "./onnxProto";
import { transparent } from "./residualStream";

/** Operator set from which on CastLike converts to the type of another value. */
const castLikeOpset = 15n;

/**
 * The layers at which the graph can be edited so that a vector reaches every reader of h_l, once.
 *
 * Every reader names the value that holds h_l (or what that was cast from), and that value is replaced. Left out are
 * layers whose value has another shape than tokens by width, and those where something computes h_l a second time.
 *
 * @param shapes dims of h_0 … h_L when a single prompt of `length` tokens is run
 */
export function injectionSites(
  model: ModelProto,
  anatomy: Anatomy,
  shapes: readonly (readonly number[])[],
  length: number,
): InjectionSite[] {
  const { constants, head, layers } = anatomy;
  const opset = model.opsetImport.find((o) => o.domain === "" || o.domain === "ai.onnx")?.version ?? 0n;
  const taken = new Set<string>();
  return layers.taps.flatMap((tap, layer): InjectionSite[] => {
    const dims = shapes[layer] ?? [];
    const rank = dims.length;
    const tokensByWidth = (rank === 2 && dims[0] === length) || (rank === 3 && dims[0] === 1 && dims[1] === length);
    const value = tokensByWidth ? onlyWay(anatomy, layer, tap) : undefined;
    if (value === undefined || taken.has(value)) return [];
    taken.add(value);
    const elementType = opset >= castLikeOpset ? null : (floatingType(constants, value) ?? head.hiddenType);
    return [{ layer, value, rank: rank === 2 ? 2 : 3, width: dims.at(-1) ?? 0, elementType }];
  });
}

/** The value itself, or what it is cast from, through which all of h_l passes on its way to f. */
function onlyWay(anatomy: Anatomy, layer: number, tap: string): string | undefined {
  const { graph } = anatomy;
  let value = tap;
  while (computedAgain(anatomy, layer, value)) {
    const node = graph.producer(value);
    if (node === undefined || !transparent.has(node.opType)) return undefined;
    value = node.input[0] ?? "";
  }
  return graph.producer(value) === undefined ? undefined : value;
}

/** Whether f depends on what h_l is the sum of, or on the embedding's table, by another way than through the value. */
function computedAgain({ graph, head, layers, embedding }: Anatomy, layer: number, value: string): boolean {
  const sum = graph.producer(value);
  // A fused norm gives away its sum and the norm of it: both are h_l's.
  const given = new Set(sum !== undefined && isFusedSum(sum, value) ? sum.output : [value]);
  const read = graph.dataRead(head.hidden, given);
  if (layer > 0) return (layers.branches[layer] ?? []).some((branch) => read.has(branch));
  const lookup = graph.producer(embedding ?? "");
  return lookup !== undefined && read.has(table(graph, lookup));
}
