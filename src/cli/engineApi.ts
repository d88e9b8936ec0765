import type {
  AnalyzeOutcome,
  AnalyzeParams,
  LogNotification,
  ModelOutcome,
  ModelParams,
  Progress,
  WriteTwinOutcome,
  WriteTwinParams,
} from "../protocol/engine";

export interface EngineHooks {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  readonly onLog: (level: LogNotification["level"], message: string) => void;
}

/** The part of the engine that the command line uses; loaded when a command needs it, since `--help` does not. */
export interface EngineApi {
  analyze(params: AnalyzeParams, hooks: EngineHooks): Promise<AnalyzeOutcome>;
  describe(params: ModelParams, hooks: EngineHooks): Promise<ModelOutcome>;
  writeTwin(params: WriteTwinParams, hooks: EngineHooks): Promise<WriteTwinOutcome>;
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
