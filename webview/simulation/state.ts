import type { PageState, ToSimulationPage } from "../../src/protocol/panel";
import type { Problem } from "../../src/protocol/problem";
import type { SimulationCheckpoint, SimulationReport, SimulationSettings } from "../../src/protocol/simulation";

/** What the page of the simulation shows. */
export interface SimulationState {
  readonly settings: SimulationSettings;
  /** Per run, in the order of steps; of the report once it is there. */
  readonly curves: readonly (readonly SimulationCheckpoint[])[];
  /** Share of the work that is done while it runs. */
  readonly fraction: number | null;
  readonly report: SimulationReport | null;
  readonly problems: readonly Problem[];
  readonly cancelled: boolean;
}

export const initialSimulation: SimulationState = {
  settings: { concepts: 4, runs: 3, optimizer: "sgd", seed: 0 },
  curves: [],
  fraction: null,
  report: null,
  problems: [],
  cancelled: false,
};

export function reduceSimulation(state: SimulationState, message: ToSimulationPage): SimulationState {
  switch (message.type) {
    case "started":
      return { ...initialSimulation, settings: message.settings, fraction: 0 };
    case "checkpoint":
      return { ...state, fraction: message.fraction, curves: withCheckpoint(state.curves, message.checkpoint) };
    case "simulation":
      return { ...state, fraction: null, report: message.report, curves: message.report.curves };
    case "problems":
      return { ...state, fraction: null, problems: message.problems };
    case "cancelled":
      return { ...state, fraction: null, cancelled: true };
  }
}

/** Runs may be computed side by side, so that checkpoints come in any order of runs. */
function withCheckpoint(
  curves: SimulationState["curves"],
  checkpoint: SimulationCheckpoint,
): readonly (readonly SimulationCheckpoint[])[] {
  const count = Math.max(curves.length, checkpoint.run + 1);
  return Array.from({ length: count }, (_, run) =>
    run === checkpoint.run ? [...(curves[run] ?? []), checkpoint] : (curves[run] ?? []),
  );
}

/** What is kept over a reload: the curves without the matrices behind each of their points. */
export function slimSimulation(report: SimulationReport): SimulationReport {
  const bare = (checkpoint: SimulationCheckpoint): SimulationCheckpoint => ({
    ...checkpoint,
    unembeddingMatrix: [],
    embeddingMatrix: [],
    crossMatrix: [],
  });
  return { ...report, curves: report.curves.map((curve) => curve.map(bare)) };
}

/** A state saved by another version of the page is dropped rather than misread. */
export function restoredSimulation(saved: Extract<PageState, { page: "simulation" }> | undefined): SimulationState {
  if (!saved) return initialSimulation;
  const { settings, report } = saved;
  const known = report !== null && (report.kind as unknown) === "origins" && (report.schemaVersion as unknown) === 1;
  return known ? { ...initialSimulation, settings, report, curves: report.curves } : { ...initialSimulation, settings };
}
