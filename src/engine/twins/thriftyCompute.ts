import type { Compute, TaskArguments, TaskName, TaskResult } from "../compute/tasks";

/** What a section gets in place of a costly analysis: nothing, as where too few subjects are left. */
const without: { readonly [Name in TaskName]?: (...args: TaskArguments<Name>) => TaskResult<Name> | undefined } = {
  klLinearity: () => ({ fits: [], warnings: [], found: null }),
  linearityTransfer: () => null,
  // The fit pooled over templates: its folds have as many rows as all templates together.
  linearity: (templates) => (templates.length > 1 ? { fits: [], warnings: [] } : undefined),
};

/**
 * Leaves costly analyses out, and says so; probes with a hidden layer without a word, since one twin of each family is
 * enough for them and needs nothing else for it.
 */
export function thriftyCompute(compute: Compute, hiddenProbes: boolean, onOmission: () => void): Compute {
  return {
    run: <Name extends TaskName>(name: Name, ...args: TaskArguments<Name>) => {
      if (name === "mlpProbe" && !hiddenProbes) return Promise.resolve(null as TaskResult<Name>);
      const empty = without[name]?.(...args);
      if (empty === undefined) return compute.run(name, ...args);
      onOmission();
      return Promise.resolve(empty);
    },
  };
}
