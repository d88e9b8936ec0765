import type { Compute, TaskArguments, TaskName, TaskResult } from "../compute/tasks";
import { sameArguments } from "./sameArguments";

/**
 * Analyses that depend on coordinates by their inner products alone, and which arguments (by number) or fields of theirs
 * (by name) have rows in such coordinates: a test says so of each. Of all others the arguments must be the same number by
 * number.
 */
export const orientedFields: { readonly [Name in TaskName]?: readonly string[] } = {
  linearity: ["inputs", "prompts"],
  klLinearity: ["inputs", "prompts"],
  linearityTransfer: ["inputs", "prompts"],
  relationalSubspaces: ["inputs"],
  probe: ["1"],
  impliedProbe: ["inputs"],
};

/** What was computed for one twin and may serve another. */
export type KnownAnalyses = Map<TaskName, { readonly args: readonly unknown[]; readonly result: Promise<unknown> }[]>;

/**
 * The same analyses, each computed once for all twins that give it the same arguments. Most do: an analysis that sees
 * only logits and inner products of whitened vectors sees nothing of the basis. What an analysis gives is a function of
 * its arguments, and it is their sameness that the twin test asks about, so that computing it once more would test the
 * processor. The first twin of each batch computes all by itself, and the model itself never shares with twins: an
 * analysis that makes something of the orientation of its coordinates is caught all the same.
 */
export function reusedAnalyses(compute: Compute, known: KnownAnalyses): Compute {
  return {
    run: <Name extends TaskName>(name: Name, ...args: TaskArguments<Name>) => {
      const oriented = new Set(orientedFields[name]);
      const earlier = known.get(name) ?? [];
      known.set(name, earlier);
      const match = earlier.find((entry) => sameArguments(entry.args, args, oriented));
      if (match !== undefined) return match.result as Promise<TaskResult<Name>>;
      const result = compute.run(name, ...args);
      earlier.push({ args, result });
      return result;
    },
  };
}
