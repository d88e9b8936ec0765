import type { CosineMatrix, SimulationCheckpoint } from "../../src/protocol/simulation";
import { significant } from "../format";
import { strings } from "../strings";
import { lineScene, lineStyle, referenceStyle } from "./lineScene";
import type { Line } from "./lineScene";
import type { Measure, Range, Scene } from "./scene";
import { cell } from "./table";
import type { TableModel } from "./table";

export type Curves = readonly (readonly SimulationCheckpoint[])[];
export type CosineKey = "unembedding" | "embedding" | "cross" | "betweenConcepts";
export const cosineKeys: readonly CosineKey[] = ["unembedding", "embedding", "cross", "betweenConcepts"];

type Value = (checkpoint: SimulationCheckpoint) => number;

/**
 * Mean over runs at each step that every run has reached. A run that is complete keeps its last value: its curve was
 * flat there.
 */
export function meanCurve(curves: Curves, value: Value, complete: boolean): readonly (readonly [number, number])[] {
  const begun = curves.filter((curve) => curve.length > 0);
  const steps = [...new Set(begun.flatMap((curve) => curve.map(({ step }) => step)))].sort((a, b) => a - b);
  const reached = complete ? Infinity : Math.min(...begun.map((curve) => curve.at(-1)?.step ?? 0));
  return steps
    .filter((step) => step <= reached)
    .map((step) => {
      const at = begun.map((curve) => value(curve.findLast((one) => one.step <= step) ?? first(curve)));
      return [step, at.reduce((sum, one) => sum + one, 0) / at.length] as const;
    });
}

const first = (curve: readonly SimulationCheckpoint[]): SimulationCheckpoint => {
  const [checkpoint] = curve;
  if (!checkpoint) throw new Error("A run that has begun has a checkpoint.");
  return checkpoint;
};

/** Mean over runs of a matrix at each run's newest checkpoint, where they have an entry; null before the first. */
export function meanMatrix(
  curves: Curves,
  matrix: (checkpoint: SimulationCheckpoint) => CosineMatrix,
): CosineMatrix | null {
  const newest = curves.flatMap((curve) => curve.slice(-1)).map(matrix);
  const [one] = newest;
  if (!one || one.length === 0) return null;
  return one.map((row, i) => row.map((_, j) => mean(newest.flatMap((each) => each[i]?.[j] ?? []))));
}

const mean = (values: readonly number[]) =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

export interface SimulationPlot {
  readonly curves: Curves;
  readonly complete: boolean;
  /** Steps on the axis at least. */
  readonly steps: number;
}

const height = 230;

/** Loss of each run, their mean, and the entropy that it cannot fall below. */
export function lossScene({ curves, complete, steps }: SimulationPlot, width: number, measure: Measure): Scene {
  const floor = mean(curves.flatMap(([start]) => start?.lossFloor ?? []));
  const losses = curves.flatMap((curve) => curve.map(({ loss }) => loss));
  const [least, greatest] = [Math.min(...losses, floor ?? Infinity), Math.max(...losses)];
  const y: Range =
    losses.length === 0
      ? { lower: 0, upper: 1 }
      : { lower: Math.max(0, least - 0.08 * (greatest - least || 1)), upper: greatest };
  const x = { lower: 0, upper: lastStep(curves, steps) };
  const lines: readonly Line[] = [
    ...(floor === null
      ? []
      : [{ name: strings.floor, points: [[0, floor] as const, [x.upper, floor] as const], style: referenceStyle }]),
    ...ofKey(curves, strings.lossTitle, ({ loss }) => loss, 0, complete),
  ];
  return lineScene(lines, { width, height, x, y, xName: strings.stepAxis, measure });
}

/** The four cosines over training: means over runs, each run faint behind them. */
export function cosineScene({ curves, complete, steps }: SimulationPlot, width: number, measure: Measure): Scene {
  const values = curves.flatMap((curve) => curve.flatMap((one) => cosineKeys.map((key) => one[key])));
  const lower = Math.min(0, ...values) < -0.02 ? -0.25 * Math.ceil(-4 * Math.max(-1, Math.min(...values))) : 0;
  const lines = cosineKeys.flatMap((key, i) => ofKey(curves, strings.cosineNames[key], (one) => one[key], i, complete));
  const x = { lower: 0, upper: lastStep(curves, steps) };
  return lineScene(lines, { width, height, x, y: { lower, upper: 1 }, xName: strings.stepAxis, measure });
}

function ofKey(curves: Curves, name: string, value: Value, index: number, complete: boolean): Line[] {
  const style = lineStyle(index);
  const each = curves.map((curve, run): Line => ({
    name: `${name}, ${strings.inSentence(strings.runColumn)} ${run + 1}`,
    points: curve.map((one) => [one.step, value(one)] as const),
    style: { ...style, dash: [] },
    faint: true,
  }));
  const mean: Line = { name, points: meanCurve(curves, value, complete), style };
  return [...(curves.length > 1 ? each : []), mean];
}

const lastStep = (curves: Curves, steps: number) =>
  Math.max(curves.length === 0 ? 10_000 : 1, steps, ...curves.map((curve) => curve.at(-1)?.step ?? 0));

/** Every checkpoint of every run. */
export function checkpointTable(curves: Curves): TableModel {
  const numeric = (label: string) => ({ label, numeric: true });
  const number = (value: number) => cell(significant(value), value);
  return {
    columns: [
      numeric(strings.runColumn),
      numeric(strings.stepColumn),
      numeric(strings.lossColumn),
      ...cosineKeys.map((key) => numeric(strings.cosineNames[key])),
    ],
    rows: curves.flatMap((curve) =>
      curve.map((one) => [
        cell(String(one.run + 1), one.run + 1),
        cell(strings.count(one.step), one.step),
        number(one.loss),
        ...cosineKeys.map((key) => number(one[key])),
      ]),
    ),
  };
}
