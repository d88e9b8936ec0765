import type { RelationOutline } from "../protocol/digest";
import type { Problem } from "../protocol/problem";

/** From here on, figures change little with more samples. */
const settled = 20;
/** Fewer are a warning of the reader. */
const fewest = 3;

/** A remark on a relation that can be analysed, but has few samples; null where there is nothing to remark. */
export function fewSamplesHint({ samples, problems }: RelationOutline, file: string): Problem | null {
  const [first] = samples;
  const count = samples.length;
  if (first === undefined || count < fewest || count >= settled) return null;
  if (problems.some(({ severity }) => severity === "error")) return null;
  return {
    kind: "input",
    code: "relation-figures-unsettled",
    severity: "warning",
    message: `The relation has ${count} samples, so that its intervals will be wide.`,
    remedy: `Add samples; from ${settled} on, figures settle.`,
    file,
    position: first.position,
  };
}
