import type { Constants } from "./constants";
import { floatingPoint } from "./head";

/**
 * `TensorProto.DataType` of a value of floating-point numbers: as declared, else that of what it is computed from.
 * `undefined` where nothing says.
 */
export function floatingType(constants: Constants, value: string): number | undefined {
  const { graph } = constants;
  const declared = new Map(graph.proto.valueInfo.map(({ name, type }) => [name, type?.tensorType?.elemType ?? 0]));
  const seen = new Set<string>();
  const stack = [value];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const type = declared.get(next) ?? constants.ownType(next) ?? 0;
    if (floatingPoint.has(type)) return type;
    // The first operand is what most operators take their type from.
    stack.push(...(graph.producer(next)?.input.toReversed() ?? []));
  }
  return undefined;
}
