import type { KnownKlFit } from "../analysis/linearity/klLinearity";
import type { Compute, TaskArguments, TaskName, TaskResult } from "../compute/tasks";

/** What the KL fits of the model itself found, by their `where`. */
export type KnownKlFits = ReadonlyMap<string, KnownKlFit>;

/** The same analyses, with a record of what KL fits found; not of hidden layers, which twins do not have. */
export function recordingKlFits(compute: Compute, fits: Map<string, KnownKlFit>): Compute {
  return {
    run: <Name extends TaskName>(name: Name, ...args: TaskArguments<Name>) => {
      const result = compute.run(name, ...args);
      if (name !== "klLinearity") return result;
      const [template, { where }] = args as unknown as TaskArguments<"klLinearity">;
      if (template.inputAnswerLogits === null) return result;
      return result.then((own) => {
        const { found } = own as TaskResult<"klLinearity">;
        if (found !== null) fits.set(where, found);
        return own;
      });
    },
  };
}

/**
 * The same analyses, in which KL fits begin from what is known. The places of their λ, relative to the spread of the
 * inputs, are the same in every exact twin, and to look for them takes several times as long as the fits. The maps, as
 * sums over training rows, are the same as well where the inputs' inner products are; the fit goes from there to the
 * minimum of the twin's own problem, wherever that is.
 */
export function withKlFits(compute: Compute, fits: KnownKlFits): Compute {
  return {
    run: <Name extends TaskName>(name: Name, ...args: TaskArguments<Name>) => {
      if (name !== "klLinearity") return compute.run(name, ...args);
      const [template, options] = args as unknown as TaskArguments<"klLinearity">;
      const known = fits.get(options.where);
      return compute.run("klLinearity", template, { ...options, known }) as Promise<TaskResult<Name>>;
    },
  };
}
