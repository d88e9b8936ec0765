import type { CancellationToken } from "vscode-jsonrpc/node";
import {
  methods,
  type AnalyzedReport,
  type AnalyzeParams,
  type Assessment,
  type AvailableModel,
  type CheckWordsOutcome,
  type CheckWordsParams,
  type CompareRelationsParams,
  type CompareReportsParams,
  type ModelDescription,
  type ModelParams,
  type ModelsOutcome,
  type ModelsParams,
  type OpenedReport,
  type OpenReportParams,
  type Outcome,
  type ProgressMessage,
  type SimulateParams,
  type SteerOutcome,
  type SteerParams,
  type SteerResult,
  type SubjectsOffer,
  type SubjectsOutcome,
  type SubjectsParams,
  type WriteTwinParams,
  type WrittenTwin,
} from "../protocol/engine";
import type { RelationsReport } from "../protocol/relationsReport";
import type { SimulationReport } from "../protocol/simulation";
import type { EngineAnswer, EngineOptions, EngineProcess, Listeners } from "./engineProcess";

/** Asks the engine something that can be cancelled. */
export type Ask<T> = (token: CancellationToken) => Promise<EngineAnswer<T>>;

/**
 * The engine as a child process that starts with the first request and again after it has ended. Native
 * code may block or crash it; neither reaches the process that calls.
 */
export class EngineClient {
  private current: EngineProcess | null = null;
  private lastId = 0;

  constructor(private readonly options: EngineOptions) {}

  /** Of the process that runs now. */
  get pid(): number | undefined {
    return this.current?.pid;
  }

  analyze(params: AnalyzeParams, token: CancellationToken, onProgress: (progress: ProgressMessage) => void) {
    return this.ask<AnalyzedReport>(methods.analyze, params, token, { onProgress });
  }

  /** As `analyze`, for what no panel shows. */
  assess(params: AnalyzeParams, token: CancellationToken, onProgress: (progress: ProgressMessage) => void) {
    return this.ask<Assessment>(methods.assess, params, token, { onProgress });
  }

  compareReports(params: CompareReportsParams, token: CancellationToken) {
    return this.ask<AnalyzedReport>(methods.compareReports, params, token);
  }

  openReport(params: OpenReportParams, token: CancellationToken) {
    return this.ask<OpenedReport>(methods.openReport, params, token);
  }

  compareRelations(
    params: CompareRelationsParams,
    token: CancellationToken,
    onProgress: (progress: ProgressMessage) => void,
  ) {
    return this.ask<RelationsReport>(methods.compareRelations, params, token, { onProgress });
  }

  writeTwin(params: WriteTwinParams, token: CancellationToken, onProgress: (progress: ProgressMessage) => void) {
    return this.ask<WrittenTwin>(methods.writeTwin, params, token, { onProgress });
  }

  simulate(params: SimulateParams, token: CancellationToken, listeners: Listeners) {
    return this.ask<SimulationReport>(methods.simulate, params, token, listeners);
  }

  /** A process is there, so that a question starts none. */
  get running(): boolean {
    return this.current?.alive === true;
  }

  /** What the loader finds in a model, which is downloaded where it has to be. */
  model(params: ModelParams, token: CancellationToken, onProgress: (progress: ProgressMessage) => void) {
    return this.ask<ModelDescription>(methods.model, params, token, { onProgress });
  }

  /** The models that can be chosen; null where the engine ended before it answered. */
  async models(params: ModelsParams): Promise<ModelsOutcome | null> {
    return outcomeOf(await (await this.start()).request<readonly AvailableModel[]>(methods.models, params));
  }

  /** Where a file's subjects may come from; null where the engine ended before it answered. */
  async subjects(params: SubjectsParams): Promise<SubjectsOutcome | null> {
    return outcomeOf(await (await this.start()).request<SubjectsOffer>(methods.subjects, params));
  }

  /** Steers a prompt of the last analysis; null once cancelled, and where the process that made it is not there. */
  async steer(params: SteerParams, token: CancellationToken): Promise<SteerOutcome | null> {
    if (this.current?.alive !== true || token.isCancellationRequested) return null;
    // A cancellation that overtakes its request never reaches the engine, so it is not left to it to answer.
    const cancelled = new Promise<null>((resolve) => token.onCancellationRequested(() => resolve(null)));
    return Promise.race([this.current.request<SteerResult>(methods.steer, params, token).then(outcomeOf), cancelled]);
  }

  /** What the tokeniser makes of a file's answers; null where no engine runs, which this does not start. */
  async checkWords(params: CheckWordsParams): Promise<CheckWordsOutcome | null> {
    if (this.current?.alive !== true) return null;
    return outcomeOf(await this.current.request<null>(methods.checkWords, params));
  }

  /** Ends the process; the next request starts a new one. */
  stop(): void {
    this.current?.kill();
    this.current = null;
  }

  dispose(): void {
    this.stop();
  }

  private async ask<T>(
    method: string,
    params: object,
    token: CancellationToken,
    listeners: Listeners = {},
  ): Promise<EngineAnswer<T>> {
    if (token.isCancellationRequested) return { state: "cancelled" };
    const engine = await this.start();
    const id = ++this.lastId;
    const listening = engine.listen(id, listeners);
    const cancellation: { grace?: NodeJS.Timeout } = {};
    const subscription = token.onCancellationRequested(() => {
      cancellation.grace = setTimeout(() => {
        this.options.onLog("warn", "The engine did not stop in time after a cancellation and is killed.");
        engine.kill();
      }, this.options.cancelGrace ?? 500);
    });
    try {
      const answer = await engine.request<T>(method, { ...params, id }, token);
      return cancellation.grace !== undefined ? { state: "cancelled" } : answer;
    } finally {
      clearTimeout(cancellation.grace);
      subscription.dispose();
      listening.dispose();
    }
  }

  /** What speaks with the process is loaded with the first request, so that the editor starts without it. */
  private async start(): Promise<EngineProcess> {
    const { EngineProcess } = await import("./engineProcess");
    if (this.current?.alive !== true) this.current = new EngineProcess(this.options);
    return this.current;
  }
}

function outcomeOf<T>(answer: EngineAnswer<T>): Outcome<T> | null {
  return answer.state === "answered" ? answer.outcome : null;
}
