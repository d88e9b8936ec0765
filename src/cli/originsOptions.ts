import { nearest } from "../formats/nearest";
import { simulationLimits, type SimulationSettings } from "../protocol/simulation";
import { UsageError } from "./io";
import { readOptions } from "./options";

export interface OriginsOptions {
  readonly settings: SimulationSettings;
  /** `-` for standard output. */
  readonly out: string | null;
}

const defaults = { concepts: 5, runs: 3, optimizer: "sgd", seed: 0 } as const;
const optimizers = ["sgd", "adam"] as const;

/** @throws UsageError */
export function readOriginsOptions(argv: readonly string[]): OriginsOptions {
  const { values, positionals } = readOptions(argv, {
    concepts: "value",
    runs: "value",
    optimizer: "value",
    seed: "value",
    dimension: "value",
    steps: "value",
    masks: "value",
    strings: "value",
    out: "value",
  });
  const [extra] = positionals;
  if (extra !== undefined) throw new UsageError(`${extra} is no option of origins.`, "Name options alone.");
  const whole = (name: keyof typeof simulationLimits) => wholeNumber(name, values.get(name), simulationLimits[name]);
  const [dimension, steps] = [whole("dimension"), whole("steps")];
  const [masks, strings] = [share("masks", values.get("masks")), share("strings", values.get("strings"))];
  return {
    settings: {
      concepts: whole("concepts") ?? defaults.concepts,
      runs: whole("runs") ?? defaults.runs,
      optimizer: readOptimizer(values.get("optimizer")),
      seed: whole("seed") ?? defaults.seed,
      ...(dimension !== undefined && { dimension }),
      ...(steps !== undefined && { steps }),
      ...(masks !== undefined && { masks }),
      ...(strings !== undefined && { strings }),
    },
    out: values.get("out") ?? null,
  };
}

function wholeNumber(name: string, text: string | undefined, [smallest, largest]: readonly [number, number]) {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= smallest && value <= largest) return value;
  throw new UsageError(`--${name} ${text} cannot be used.`, `Write a whole number from ${smallest} to ${largest}.`);
}

function share(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d*\.?\d+$/.test(text) ? Number(text) : NaN;
  if (value > 0 && value <= 1) return value;
  throw new UsageError(`--${name} ${text} is not a share.`, "Write a number above 0 and up to 1, such as 0.5.");
}

function readOptimizer(text: string | undefined): SimulationSettings["optimizer"] {
  if (text === undefined) return defaults.optimizer;
  const found = optimizers.find((name) => name === text);
  if (found !== undefined) return found;
  const meant = nearest(text, optimizers);
  throw new UsageError(
    `--optimizer ${text} is not known.`,
    meant === null ? "Choose sgd or adam." : `Did you mean ${meant}?`,
  );
}
