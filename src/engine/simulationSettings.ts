import * as v from "valibot";
import { ProblemError } from "../protocol/problem";
import { simulationLimits, type SimulationSettings } from "../protocol/simulation";

const whole = ([smallest, largest]: readonly [number, number]) =>
  v.pipe(v.number(), v.integer(), v.minValue(smallest), v.maxValue(largest));
const share = v.pipe(v.number(), v.gtValue(0), v.maxValue(1));

const schema = v.object({
  concepts: whole(simulationLimits.concepts),
  runs: whole(simulationLimits.runs),
  optimizer: v.picklist(["sgd", "adam"]),
  seed: whole(simulationLimits.seed),
  dimension: v.optional(whole(simulationLimits.dimension)),
  steps: v.optional(whole(simulationLimits.steps)),
  masks: v.optional(share),
  strings: v.optional(share),
});

/** By concepts: within them, runs that were measured came to a flat curve; from 8 on, by the growth up to there. */
const mostSteps: Readonly<Record<number, number>> = { 3: 50_000, 4: 100_000, 5: 100_000, 6: 150_000, 7: 300_000 };
const stepsOf = (concepts: number) => mostSteps[concepts] ?? 300_000 * 3 ** (concepts - 7);

/** @throws ProblemError where a setting is beyond its limits */
export function completeSettings(settings: SimulationSettings): Required<SimulationSettings> {
  const { success, output, issues } = v.safeParse(schema, settings);
  if (!success) {
    throw new ProblemError(
      issues.map((issue) => ({
        kind: "usage",
        code: "simulation-settings",
        severity: "error",
        message: `The simulation cannot be run with ${v.getDotPath(issue) ?? "these settings"} = ${issue.received}.`,
        remedy: "Choose 3 to 10 concepts, 1 to 100 runs, and shares of masks and strings above 0 and up to 1.",
      })),
    );
  }
  const { concepts, dimension = concepts, steps = stepsOf(concepts), masks = 1, strings = 1 } = output;
  return { ...output, dimension, steps, masks, strings };
}
