import { simulationLimits } from "../../src/protocol/simulation";
import type { SimulationSettings } from "../../src/protocol/simulation";
import { strings } from "../strings";

/** Fields of the form, as they are typed. */
export type FieldName = "concepts" | "runs" | "seed" | "dimension" | "steps" | "masks" | "strings";
export type Fields = Readonly<Record<FieldName | "optimizer", string>>;

interface Bounds {
  readonly label: string;
  readonly low: number;
  readonly high: number;
  /** Shares need not be whole. */
  readonly whole: boolean;
  /** May be left empty. */
  readonly optional: boolean;
}

const whole = { whole: true, optional: false };
const limits = (name: keyof typeof simulationLimits) => ({
  low: simulationLimits[name][0],
  high: simulationLimits[name][1],
});
const share = { low: 0.01, high: 1, whole: false, optional: true };

export const bounds: Readonly<Record<FieldName, Bounds>> = {
  concepts: { label: strings.concepts, ...limits("concepts"), ...whole },
  runs: { label: strings.runs, ...limits("runs"), ...whole },
  seed: { label: strings.seed, ...limits("seed"), ...whole },
  dimension: { label: strings.dimension, ...limits("dimension"), whole: true, optional: true },
  steps: { label: strings.maxSteps, ...limits("steps"), whole: true, optional: true },
  masks: { label: strings.masks, ...share },
  strings: { label: strings.bitStrings, ...share },
};

export const fieldNames: readonly FieldName[] = ["concepts", "runs", "seed", "dimension", "steps", "masks", "strings"];

export function fieldsOf(settings: SimulationSettings): Fields {
  const text = (value: number | undefined) => (value === undefined ? "" : String(value));
  return {
    concepts: text(settings.concepts),
    runs: text(settings.runs),
    seed: text(settings.seed),
    optimizer: settings.optimizer,
    dimension: text(settings.dimension),
    steps: text(settings.steps),
    masks: text(settings.masks),
    strings: text(settings.strings),
  };
}

/** The settings that the fields say, or what is wrong with each. */
export function settingsOf(fields: Fields): {
  settings: SimulationSettings | null;
  problems: ReadonlyMap<FieldName, string>;
} {
  const problems = new Map<FieldName, string>();
  const value = (name: FieldName): number | undefined => {
    const { label, low, high, whole: isWhole, optional } = bounds[name];
    const text = fields[name].trim();
    if (text === "" && optional) return undefined;
    const number = Number(text);
    if (text !== "" && number >= low && number <= high && (!isWhole || Number.isInteger(number))) return number;
    const say = isWhole ? strings.invalidWhole : strings.invalid;
    problems.set(name, say(label, strings.count(low), strings.count(high)));
    return undefined;
  };
  const [concepts = 0, runs = 0, seed = 0] = [value("concepts"), value("runs"), value("seed")];
  const optional = {
    dimension: value("dimension"),
    steps: value("steps"),
    masks: value("masks"),
    strings: value("strings"),
  };
  const given = Object.fromEntries(Object.entries(optional).filter(([, one]) => one !== undefined));
  const optimizer = fields.optimizer === "adam" ? "adam" : "sgd";
  return { settings: problems.size > 0 ? null : { concepts, runs, optimizer, seed, ...given }, problems };
}
