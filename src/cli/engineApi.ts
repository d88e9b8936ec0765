import type {
  AnalyzeOutcome,
  AnalyzeParams,
  CompareReportsOutcome,
  CompareReportsParams,
  CompareRelationsOutcome,
  CompareRelationsParams,
  LogNotification,
  ModelOutcome,
  ModelParams,
  Progress,
  SimulateOutcome,
  SimulateParams,
  WriteTwinOutcome,
  WriteTwinParams,
} from "../protocol/engine";
import type { SimulationCheckpoint } from "../protocol/simulation";

export interface EngineHooks {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  readonly onLog: (level: LogNotification["level"], message: string) => void;
}

export interface SimulationHooks {
  readonly signal: AbortSignal;
  readonly onCheckpoint: (checkpoint: SimulationCheckpoint, fraction: number) => void;
}

/** The part of the engine that the command line uses; loaded when a command needs it, since `--help` does not. */
export interface EngineApi {
  analyze(params: AnalyzeParams, hooks: EngineHooks): Promise<AnalyzeOutcome>;
  compareRelations(params: CompareRelationsParams, hooks: EngineHooks): Promise<CompareRelationsOutcome>;
  compareReports(params: CompareReportsParams): Promise<CompareReportsOutcome>;
  describe(params: ModelParams, hooks: EngineHooks): Promise<ModelOutcome>;
  writeTwin(params: WriteTwinParams, hooks: EngineHooks): Promise<WriteTwinOutcome>;
  simulate(params: SimulateParams, hooks: SimulationHooks): Promise<SimulateOutcome>;
}

export type LoadEngine = () => Promise<EngineApi>;

const graceMilliseconds = 1_000;

/** The work, or after an interruption its end, but no later than the engine may take to stop. */
export async function untilInterrupted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const gaveUp = new Promise<never>((_, reject) => {
    const wait = () => {
      timer = setTimeout(() => reject(new Error("The engine did not stop in time.")), graceMilliseconds);
    };
    if (signal.aborted) wait();
    else signal.addEventListener("abort", wait, { once: true });
  });
  try {
    return await Promise.race([work, gaveUp]);
  } finally {
    clearTimeout(timer);
  }
}
