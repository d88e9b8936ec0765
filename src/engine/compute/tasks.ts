import { meanCanonicalCorrelation } from "../analysis/comparison/canonicalCorrelation";
import { ckaFigure } from "../analysis/comparison/cka";
import { complexity } from "../analysis/comparison/complexity";
import { contextCoordinates } from "../analysis/comparison/contextCoordinates";
import { contextDistances } from "../analysis/comparison/contextDistances";
import { dSvdFigure } from "../analysis/comparison/dSvd";
import { heldOutMap } from "../analysis/comparison/heldOutMap";
import { layerCkaMap, layerOverlapMap } from "../analysis/comparison/layerMaps";
import { unitMatching } from "../analysis/comparison/unitMatching";
import { inverseChanges } from "../analysis/linearity/causality";
import { jacobianLinearity } from "../analysis/linearity/jacobianLinearity";
import { klLinearity } from "../analysis/linearity/klLinearity";
import { linearity } from "../analysis/linearity/linearity";
import { linearityTransfer } from "../analysis/linearity/linearityTransfer";
import { ownAlignment } from "../analysis/origins/embeddingAlignment";
import { logOddsMatching } from "../analysis/origins/logOddsMatching";
import { continueSimulation, startSimulation } from "../analysis/origins/simulation";
import { impliedProbe } from "../analysis/probes/impliedProbe";
import { mlpProbe } from "../analysis/probes/mlpProbe";
import { pooledProbe } from "../analysis/probes/pooledProbe";
import { probe } from "../analysis/probes/probes";
import { probeTransfer } from "../analysis/probes/probeTransfer";
import {
  relationDirectionFigures,
  relationFigures,
  relationLayerTransfer,
  relationSubspaceFigures,
  relationTransferFigures,
} from "../relations/relationFigures";
import { twinFigures, type MemberFigures, type TwinFiguresOptions } from "../twins/twinFigures";
import type { TwinMember } from "../twins/twinStudy";
import type { TwinStudyData } from "../twins/twinStudyData";
import { erasure } from "../analysis/subspaces/erasure";
import { steerAtFinal } from "../analysis/steering/finalSteering";
import { layerVectors } from "../analysis/steering/layerSteering";
import { alignAllScores, relationalSubspaces } from "../analysis/subspaces/relationalSubspaces";

/**
 * The analyses that may run in a worker thread: pure functions whose arguments and results can be cloned. A task
 * draws its random numbers from the seed in its arguments, so that the report does not depend on who ran it.
 */
export const tasks = {
  linearity,
  klLinearity,
  linearityTransfer,
  inverseChanges,
  jacobianLinearity,
  probe,
  // A twin may go without it.
  mlpProbe: mlpProbe as (...args: Parameters<typeof mlpProbe>) => ReturnType<typeof mlpProbe> | null,
  impliedProbe,
  pooledProbe,
  probeTransfer,
  relationalSubspaces,
  alignAllScores,
  steerAtFinal,
  layerVectors,
  erasure,
  startSimulation,
  continueSimulation,
  logOddsMatching,
  ownAlignment,
  relationDirectionFigures,
  relationFigures,
  relationLayerTransfer,
  relationSubspaceFigures,
  relationTransferFigures,
  contextDistances,
  complexity,
  contextCoordinates,
  heldOutMap,
  meanCanonicalCorrelation,
  ckaFigure,
  dSvdFigure,
  layerCkaMap,
  layerOverlapMap,
  unitMatching,
  twinFigures: twinFiguresInline,
};

function twinFiguresInline(
  data: TwinStudyData,
  members: readonly TwinMember[],
  options: TwinFiguresOptions,
): Promise<MemberFigures[]> {
  return twinFigures(data, members, options, inline);
}

export type Tasks = typeof tasks;
export type TaskName = keyof Tasks;
export type TaskArguments<Name extends TaskName> = Parameters<Tasks[Name]>;
export type TaskResult<Name extends TaskName> = Awaited<ReturnType<Tasks[Name]>>;

/** Runs analyses somewhere; `inline` here, `WorkerPool` beside. */
export interface Compute {
  /** @throws Cancelled */
  run<Name extends TaskName>(name: Name, ...args: TaskArguments<Name>): Promise<TaskResult<Name>>;
}

export async function runTask<Name extends TaskName>(name: Name, args: TaskArguments<Name>): Promise<TaskResult<Name>> {
  const task = tasks[name] as unknown as (...args: TaskArguments<Name>) => TaskResult<Name> | Promise<TaskResult<Name>>;
  return task(...args);
}

/** In this thread, for tests of the sections and where threads cannot be had. */
export const inline: Compute = {
  run: (name, ...args) => Promise.resolve().then(() => runTask(name, args)),
};
