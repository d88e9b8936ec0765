import type { Compute, TaskArguments, TaskName, TaskResult } from "../compute/tasks";

/** Places of λ that the KL fits chose, by their `where`. */
export type Penalties = ReadonlyMap<string, readonly number[]>;

/** The same analyses, with a record of the λ that KL fits chose. */
export function recordingPenalties(compute: Compute, penalties: Map<string, readonly number[]>): Compute {
  return {
    run: <Name extends TaskName>(name: Name, ...args: TaskArguments<Name>) => {
      const result = compute.run(name, ...args);
      if (name !== "klLinearity") return result;
      const [, { where }] = args as unknown as TaskArguments<"klLinearity">;
      return result.then((found) => {
        penalties.set(where, (found as TaskResult<"klLinearity">).places);
        return found;
      });
    },
  };
}

/**
 * The same analyses, in which KL fits take the λ that are known: their places, relative to the spread of the inputs,
 * are the same in every exact twin, and to look for them takes several times as long as the fits.
 */
export function withPenalties(compute: Compute, penalties: Penalties): Compute {
  return {
    run: <Name extends TaskName>(name: Name, ...args: TaskArguments<Name>) => {
      if (name !== "klLinearity") return compute.run(name, ...args);
      const [template, options] = args as unknown as TaskArguments<"klLinearity">;
      const known = penalties.get(options.where);
      const places = known === undefined || known.length === 0 ? undefined : known;
      return compute.run("klLinearity", template, { ...options, places }) as Promise<TaskResult<Name>>;
    },
  };
}
