import { describe, expect, it } from "vitest";
import type { ToSimulationPage } from "../../../src/protocol/panel";
import type { SimulationCheckpoint, SimulationSettings } from "../../../src/protocol/simulation";
import {
  checkpointTable,
  cosineScene,
  lossScene,
  meanCurve,
  meanMatrix,
} from "../../../webview/figures/simulationCurves";
import { fieldsOf, settingsOf } from "../../../webview/simulation/settingsForm";
import {
  initialSimulation,
  reduceSimulation,
  restoredSimulation,
  slimSimulation,
} from "../../../webview/simulation/state";
import { exampleSimulation } from "../../fixtures/reports/exampleSimulation";

const report = exampleSimulation();
const measure = (text: string) => text.length * 6;
const settings: SimulationSettings = { concepts: 4, runs: 2, optimizer: "adam", seed: 7 };
const checkpoint = (run: number, step: number, change: Partial<SimulationCheckpoint> = {}): SimulationCheckpoint => ({
  ...report.curves[0]![0]!,
  run,
  step,
  ...change,
});
const arrives = (one: SimulationCheckpoint): ToSimulationPage => ({
  type: "checkpoint",
  checkpoint: one,
  fraction: 0.5,
});

describe("settings of the simulation", () => {
  it("are what the fields say; empty ones are left out", () => {
    expect(settingsOf(fieldsOf(settings))).toEqual({ settings, problems: new Map() });
    const all: SimulationSettings = { ...settings, dimension: 3, steps: 5000, masks: 0.5, strings: 0.25 };
    expect(settingsOf(fieldsOf(all)).settings).toEqual(all);
    expect(settingsOf(fieldsOf(all)).settings).not.toBe(all);
  });
  it.each([
    ["concepts", "11"],
    ["concepts", "2"],
    ["concepts", ""],
    ["concepts", "4.5"],
    ["runs", "0"],
    ["seed", "-1"],
    ["seed", "x"],
    ["dimension", "0"],
    ["steps", "1e3.5"],
    ["masks", "0"],
    ["strings", "1.2"],
  ] as const)("are refused where %s is “%s”", (name, text) => {
    const { settings: made, problems } = settingsOf({ ...fieldsOf(settings), [name]: text });
    expect(made).toBeNull();
    expect([...problems.keys()]).toEqual([name]);
  });
});

describe("what the simulation's page shows", () => {
  it("gathers checkpoints by run, in whatever order runs come", () => {
    const messages = [checkpoint(1, 0), checkpoint(0, 0), checkpoint(1, 10)].map(arrives);
    const state = messages.reduce(reduceSimulation, reduceSimulation(initialSimulation, { type: "started", settings }));
    expect(state.curves.map((curve) => curve.map(({ step }) => step))).toEqual([[0], [0, 10]]);
    expect(state).toMatchObject({ fraction: 0.5, settings });
  });
  it("keeps what was computed after a cancellation or a problem, and none of it in a new run", () => {
    const running = reduceSimulation(initialSimulation, arrives(checkpoint(0, 0)));
    const cancelled = reduceSimulation(running, { type: "cancelled" });
    expect(cancelled).toMatchObject({ cancelled: true, fraction: null });
    expect(cancelled.curves[0]).toHaveLength(1);
    expect(reduceSimulation(cancelled, { type: "started", settings })).toEqual({
      ...initialSimulation,
      settings,
      fraction: 0,
    });
  });
  it("is there again after a reload, without the matrices behind the curves", () => {
    const small = slimSimulation(report);
    expect(JSON.stringify(small).length).toBeLessThan(0.5 * JSON.stringify(report).length);
    const state = restoredSimulation({ page: "simulation", settings, report: small });
    expect(state.report?.matrices).toEqual(report.matrices);
    expect(state.curves[2]?.map(({ loss }) => loss)).toEqual(report.curves[2]!.map(({ loss }) => loss));
    const later = { ...report, schemaVersion: 2 } as unknown as typeof report;
    expect(restoredSimulation({ page: "simulation", settings, report: later }).report).toBeNull();
    expect(restoredSimulation(undefined)).toEqual(initialSimulation);
  });
});

describe("curves of the simulation", () => {
  const curves = [
    [checkpoint(0, 0, { loss: 4 }), checkpoint(0, 10, { loss: 2 }), checkpoint(0, 20, { loss: 1 })],
    [checkpoint(1, 0, { loss: 6 }), checkpoint(1, 10, { loss: 4 })],
  ];
  const loss = (one: SimulationCheckpoint) => one.loss;
  it("are averaged where every run has come so far", () => {
    expect(meanCurve(curves, loss, false)).toEqual([
      [0, 5],
      [10, 3],
    ]);
  });
  it("of complete runs keep the last value of one that stopped early", () => {
    expect(meanCurve(curves, loss, true)).toEqual([
      [0, 5],
      [10, 3],
      [20, 2.5],
    ]);
    expect(meanCurve([], loss, true)).toEqual([]);
  });
  it("leave out runs that have not begun", () => {
    expect(meanCurve([curves[0]!, []], loss, false)).toEqual([
      [0, 4],
      [10, 2],
      [20, 1],
    ]);
  });
  it("average each entry of a map over the runs that have it", () => {
    const maps = [
      [checkpoint(0, 0, { crossMatrix: [[9]] }), checkpoint(0, 10, { crossMatrix: [[1, null], [0.5, null]] })],
      [checkpoint(1, 0, { crossMatrix: [[0, 0.4], [0.1, null]] })],
    ]; // prettier-ignore
    expect(meanMatrix(maps, (one) => one.crossMatrix)).toEqual([
      [0.5, 0.4],
      [0.3, null],
    ]);
    expect(meanMatrix([[]], (one) => one.crossMatrix)).toBeNull();
  });
  it("are drawn with the floor of the loss at its height", () => {
    const plot = { curves, complete: true, steps: 0 };
    const scene = lossScene(plot, 400, measure);
    const lines = scene.marks.filter((mark) => mark.kind === "polyline");
    const floor = lines.find(({ ink }) => ink === "muted")!;
    const mean = lines.find(({ width }) => width === 2)!;
    const unit = (mean.points[1]![1] - mean.points[0]![1]) / (3 - 5);
    expect((floor.points[0]![1] - mean.points[0]![1]) / unit).toBeCloseTo(curves[0]![0]!.lossFloor - 5);
    // Each run and the mean of each of four cosines.
    expect(cosineScene(plot, 400, measure).marks.filter(({ kind }) => kind === "polyline")).toHaveLength(12);
  });
  it("have all their points in the table", () => {
    const { rows } = checkpointTable(report.curves);
    expect(rows.map((row) => row[2]!.value)).toEqual(report.curves.flat().map(loss));
    expect(rows.map((row) => row[0]!.value)).toEqual(report.curves.flat().map(({ run }) => run + 1));
  });
});
