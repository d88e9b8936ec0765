import { setImmediate as nextTurn } from "node:timers/promises";
import type { SimulateOutcome, SimulateParams } from "../protocol/engine";
import { ProblemError } from "../protocol/problem";
import type { SimulationCheckpoint } from "../protocol/simulation";
import type { RunFigures, RunOptions } from "./analysis/origins/simulation";
import { isFlat } from "./analysis/origins/simulationConvergence";
import type { Compute } from "./compute/tasks";
import { computeUnder } from "./compute/workerPool";
import { simulationReport, type FinishedRun } from "./report/simulationReport";
import { completeSettings } from "./simulationSettings";

export interface SimulationHooks {
  readonly signal: AbortSignal;
  /** At most ten times a second. @param fraction of all runs, 0 to 1; never falls */
  readonly onCheckpoint: (checkpoint: SimulationCheckpoint, fraction: number) => void;
}

const checkpoints = 100;
/** Of one task, so that there is a sign of life every few seconds. */
const longestStretch = 5000;
const millisecondsBetween = 100;

/**
 * The latent-variable simulation of [Orig] (linear-properties section 10), its runs side by side in worker threads.
 *
 * @throws Cancelled
 */
export async function simulate(params: SimulateParams, hooks: SimulationHooks): Promise<SimulateOutcome> {
  const start = performance.now();
  const failed = new AbortController();
  try {
    const settings = completeSettings(params.settings);
    hooks.signal.throwIfAborted();
    const signal = AbortSignal.any([hooks.signal, failed.signal]);
    const compute = computeUnder(signal);
    const onCheckpoint = throttled(settings.runs, hooks.onCheckpoint);
    const runs = Array.from({ length: settings.runs }, (_, run) =>
      simulateRun({ ...settings, run }, settings.steps, compute, { signal, onCheckpoint }),
    );
    const value = simulationReport(settings, await Promise.all(runs), (performance.now() - start) / 1000);
    return { ok: true, value, problems: [] };
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problems: error.problems };
    throw error;
  } finally {
    // The runs beside one that failed.
    failed.abort();
  }
}

/** One run, in stretches that a worker thread computes, until its curve is flat. */
async function simulateRun(
  options: RunOptions,
  steps: number,
  compute: Compute,
  { signal, onCheckpoint }: SimulationHooks,
): Promise<FinishedRun> {
  const started = await compute.run("startSimulation", options);
  const { lossFloor, edges } = started;
  const checkpointOf = (figures: RunFigures) => ({ run: options.run, lossFloor, ...known(figures) });
  const first = checkpointOf(started.figures);
  onCheckpoint(first, 0);
  const curve: SimulationCheckpoint[] = [first];
  let { state } = started;
  let converged = false;
  while (state.step < steps && !converged) {
    // With no worker thread, nothing else would let a cancellation in.
    await nextTurn();
    signal.throwIfAborted();
    const end = nextCheckpoint(state.step, steps);
    const stretch = await compute.run("continueSimulation", options, state, Math.min(end - state.step, longestStretch));
    state = stretch.state;
    const checkpoint = checkpointOf(stretch.figures);
    if (state.step === end) {
      curve.push(checkpoint);
      converged = isFlat(curve, lossFloor);
    }
    onCheckpoint(checkpoint, converged ? 1 : state.step / steps);
  }
  return { curve, converged, edges };
}

/** The first of a hundred steps, evenly spaced, that comes after this one. */
function nextCheckpoint(step: number, steps: number): number {
  const place = (i: number) => Math.round((i * steps) / checkpoints);
  const i = Math.floor((step * checkpoints) / steps);
  return place(i) > step ? place(i) : place(i + 1) > step ? place(i + 1) : place(i + 2);
}

/** Turns the fraction of one run into that of all, and drops what comes too soon after another. */
function throttled(runs: number, onCheckpoint: SimulationHooks["onCheckpoint"]): SimulationHooks["onCheckpoint"] {
  const fractions = new Float64Array(runs);
  let last = -Infinity;
  return (checkpoint, fraction) => {
    fractions[checkpoint.run] = fraction;
    const now = performance.now();
    if (now - last < millisecondsBetween) return;
    last = now;
    onCheckpoint(checkpoint, fractions.reduce((sum, value) => sum + value, 0) / runs);
  };
}

/** @throws ProblemError where too few strings or masks leave nothing to measure */
function known(figures: RunFigures) {
  const { unembedding, embedding, cross, betweenConcepts } = figures;
  if (unembedding !== null && embedding !== null && cross !== null && betweenConcepts !== null) {
    return { ...figures, unembedding, embedding, cross, betweenConcepts };
  }
  throw new ProblemError([
    {
      kind: "usage",
      code: "simulation-too-sparse",
      severity: "error",
      message: "So few strings or masks are in use that no concept has two steering vectors to compare.",
      remedy: "Use a larger share of them, or more concepts.",
    },
  ]);
}
