import { fork, type ChildProcess } from "node:child_process";
import { constants, setPriority } from "node:os";
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type CancellationToken,
  type MessageConnection,
} from "vscode-jsonrpc/node";
import {
  methods,
  type AnalyzeAnswer,
  type AnalyzeParams,
  type LogNotification,
  type ModelsOutcome,
  type ModelsParams,
  type ProgressMessage,
  type ProgressNotification,
  type ReportBytes,
  type SteerOutcome,
  type SteerParams,
} from "../protocol/engine";

export interface EngineOptions {
  /** The engine's bundle. */
  readonly module: string;
  readonly onLog: (level: LogNotification["level"], message: string) => void;
  /** Arguments for Node itself, such as `--inspect=6010`. */
  readonly execArgv?: readonly string[];
  /** Milliseconds that the engine has to answer after a cancellation before it is killed. */
  readonly cancelGrace?: number;
}

export type EngineAnswer =
  | { readonly state: "answered"; readonly outcome: AnalyzeAnswer }
  | { readonly state: "cancelled" }
  /** The process ended, or its channel broke, in the middle of the request. */
  | { readonly state: "crashed"; readonly how: string };

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

  async analyze(
    params: AnalyzeParams,
    token: CancellationToken,
    onProgress: (progress: ProgressMessage) => void,
  ): Promise<EngineAnswer> {
    if (token.isCancellationRequested) return { state: "cancelled" };
    const engine = this.start();
    const id = ++this.lastId;
    engine.progress.set(id, onProgress);
    const cancellation: { grace?: NodeJS.Timeout } = {};
    const subscription = token.onCancellationRequested(() => {
      cancellation.grace = setTimeout(() => {
        this.options.onLog("warn", "The engine did not stop in time after a cancellation and is killed.");
        engine.kill();
      }, this.options.cancelGrace ?? 500);
    });
    try {
      const answer = await engine.request({ ...params, id }, token);
      return cancellation.grace !== undefined ? { state: "cancelled" } : answer;
    } finally {
      clearTimeout(cancellation.grace);
      subscription.dispose();
      engine.progress.delete(id);
    }
  }

  /** The models that can be chosen; null where the engine ended before it answered. */
  async models(params: ModelsParams): Promise<ModelsOutcome | null> {
    return this.start().models(params);
  }

  /** Steers a prompt of the last analysis; null once cancelled, and where the process that made it is not there. */
  async steer(params: SteerParams, token: CancellationToken): Promise<SteerOutcome | null> {
    if (this.current?.alive !== true || token.isCancellationRequested) return null;
    // A cancellation that overtakes its request never reaches the engine, so it is not left to it to answer.
    const cancelled = new Promise<null>((resolve) => token.onCancellationRequested(() => resolve(null)));
    return Promise.race([this.current.steer(params, token), cancelled]);
  }

  /** Ends the process; the next request starts a new one. */
  stop(): void {
    this.current?.kill();
    this.current = null;
  }

  dispose(): void {
    this.stop();
  }

  private start(): EngineProcess {
    if (this.current?.alive !== true) this.current = new EngineProcess(this.options);
    return this.current;
  }
}

class EngineProcess {
  readonly progress = new Map<number, (progress: ProgressMessage) => void>();
  private readonly child: ChildProcess;
  private readonly connection: MessageConnection;
  private readonly ended: Promise<string>;
  private running = true;

  constructor({ module, onLog, execArgv = [] }: EngineOptions) {
    // Serialised as JSON, the bytes of a report would be text of many times their length.
    this.child = fork(module, [], { silent: true, execArgv: [...execArgv], serialization: "advanced" });
    onLog("debug", `Engine process ${String(this.child.pid)} started.`);
    yieldToEditor(this.child.pid);
    this.ended = new Promise((resolve) => {
      const end = (how: string) => {
        if (this.running) onLog("debug", `Engine process ${String(this.child.pid)} ended: ${how}.`);
        this.running = false;
        this.connection.dispose();
        resolve(how);
      };
      this.child.once("exit", (code, signal) => end(signal ?? `exit status ${String(code)}`));
      this.child.once("error", (error) => end(error.message));
    });
    for (const [stream, level] of [
      [this.child.stdout, "info"],
      [this.child.stderr, "warn"],
    ] as const) {
      stream?.setEncoding("utf8").on("data", (text: string) => onLog(level, text.trimEnd()));
    }
    this.connection = createMessageConnection(new IPCMessageReader(this.child), new IPCMessageWriter(this.child));
    this.connection.onNotification(methods.log, ({ level, message }: LogNotification) => onLog(level, message));
    this.connection.onNotification(methods.progress, ({ id, partial, ...progress }: ProgressNotification) =>
      this.progress.get(id)?.(partial === undefined ? progress : { ...progress, partial: own(partial) }),
    );
    this.connection.onError(([error]) => onLog("error", error.message));
    this.connection.listen();
  }

  get alive(): boolean {
    return this.running;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** @throws ResponseError when the engine refuses the request itself */
  async request(params: AnalyzeParams & { readonly id: number }, token: CancellationToken): Promise<EngineAnswer> {
    const crashed = this.ended.then((how) => ({ state: "crashed", how }) as const);
    const answered = this.connection
      .sendRequest<AnalyzeAnswer>(methods.analyze, params, token)
      .then((outcome) => ({ state: "answered", outcome: withOwnReport(outcome) }) as const);
    try {
      return await Promise.race([answered, crashed]);
    } catch (error) {
      // A broken channel rejects the request shortly before the process is seen to end.
      if (this.child.connected) throw error;
      return await crashed;
    }
  }

  async models(params: ModelsParams): Promise<ModelsOutcome | null> {
    return this.answerOf(this.connection.sendRequest<ModelsOutcome>(methods.models, params));
  }

  async steer(params: SteerParams, token: CancellationToken): Promise<SteerOutcome | null> {
    return this.answerOf(this.connection.sendRequest<SteerOutcome>(methods.steer, params, token));
  }

  /** Null where the process ended before it answered. */
  private async answerOf<T>(answer: Promise<T>): Promise<T | null> {
    try {
      return await Promise.race([answer, this.ended.then(() => null)]);
    } catch (error) {
      if (this.child.connected) throw error;
      return null;
    }
  }

  kill(): void {
    this.running = false;
    this.child.kill("SIGKILL");
  }
}

/** The bytes of a message are a window on all that came through the channel with it, and would be passed on as that. */
const own = (bytes: ReportBytes): ReportBytes => new Uint8Array(bytes);

function withOwnReport(answer: AnalyzeAnswer): AnalyzeAnswer {
  return answer.ok ? { ...answer, value: { ...answer.value, report: own(answer.value.report) } } : answer;
}

/** Arithmetic waits while the editor draws or somebody types; a machine with nothing else to do runs it as fast. */
function yieldToEditor(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // The process has ended, or the system does not allow it.
  }
}
