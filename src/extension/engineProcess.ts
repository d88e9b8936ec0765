import { fork, type ChildProcess } from "node:child_process";
import { constants, setPriority } from "node:os";
import { dirname } from "node:path";
import { setTimeout as nextTurn } from "node:timers/promises";
import {
  CancellationToken,
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
} from "vscode-jsonrpc/node";
import {
  methods,
  type LogNotification,
  type Outcome,
  type PartParams,
  type ProgressMessage,
  type ProgressNotification,
  type SimulationNotification,
} from "../protocol/engine";
import type { ReportBytes } from "../protocol/reportBytes";

export interface EngineOptions {
  /** The engine's bundle. */
  readonly module: string;
  readonly onLog: (level: LogNotification["level"], message: string) => void;
  /** Arguments for Node itself, such as `--inspect=6010`. */
  readonly execArgv?: readonly string[];
  /** Milliseconds that the engine has to answer after a cancellation before it is killed. */
  readonly cancelGrace?: number;
}

export type EngineAnswer<T> =
  | { readonly state: "answered"; readonly outcome: Outcome<T> }
  | { readonly state: "cancelled" }
  /** The process ended, or its channel broke, in the middle of the request. */
  | { readonly state: "crashed"; readonly how: string };

/** What a request hears of while it runs. */
export interface Listeners {
  readonly onProgress?: (progress: ProgressMessage) => void;
  readonly onCheckpoint?: (message: Omit<SimulationNotification, "id">) => void;
}

/** A request that runs. */
interface Running {
  readonly listeners: Listeners;
  /** Of the figures that come next. */
  ahead: ReportBytes;
}

/** One run of the engine, from the fork to its end. */
export class EngineProcess {
  /** By the caller's id of the request. */
  private readonly requests = new Map<number, Running>();
  private readonly child: ChildProcess;
  private readonly connection: MessageConnection;
  private readonly ended: Promise<string>;
  private running = true;

  constructor({ module, onLog, execArgv = [] }: EngineOptions) {
    this.child = fork(module, [], {
      silent: true,
      execArgv: [...execArgv],
      // Serialised as JSON, the bytes of a report would be text of many times their length.
      serialization: "advanced",
      // The editor may have been started in any folder, and what lies there is not to be taken for a model or a library.
      cwd: dirname(module),
    });
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
      this.requests
        .get(id)
        ?.listeners.onProgress?.(partial === undefined ? progress : { ...progress, partial: this.whole(partial, id) }),
    );
    this.connection.onNotification(methods.simulation, ({ id, ...message }: SimulationNotification) =>
      this.requests.get(id)?.listeners.onCheckpoint?.(message),
    );
    this.connection.onRequest(methods.part, ({ id, part }: PartParams) => {
      const request = this.requests.get(id);
      if (request !== undefined) request.ahead = [...request.ahead, own(part)];
      // The next one comes in another turn of the event loop; typing gets in between.
      return nextTurn(0, null);
    });
    this.connection.onError(([error]) => onLog("error", error.message));
    this.connection.listen();
  }

  get alive(): boolean {
    return this.running;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Until it is disposed of, what comes in the course of a request is heard. */
  listen(id: number, listeners: Listeners): { dispose: () => void } {
    this.requests.set(id, { listeners, ahead: [] });
    return { dispose: () => this.requests.delete(id) };
  }

  /** @throws ResponseError when the engine refuses the request itself */
  async request<T>(
    method: string,
    params: object & { readonly id?: number },
    token = CancellationToken.None,
  ): Promise<EngineAnswer<T>> {
    const crashed = this.ended.then((how) => ({ state: "crashed", how }) as const);
    const answered = this.connection
      .sendRequest<Outcome<T>>(method, params, token)
      .then((outcome) => ({ state: "answered", outcome: this.withWholeReport(outcome, params.id) }) as const);
    try {
      return await Promise.race([answered, crashed]);
    } catch (error) {
      // A channel that breaks rejects the request shortly before the process is seen to end, and one of a process that
      // has ended may still be called connected.
      if (this.running && this.child.connected) throw error;
      return await crashed;
    }
  }

  kill(): void {
    this.running = false;
    this.child.kill("SIGKILL");
  }

  /** The parts that came ahead of these. */
  private whole(last: ReportBytes, id: number | undefined): ReportBytes {
    const request = id === undefined ? undefined : this.requests.get(id);
    const ahead = request?.ahead ?? [];
    if (request !== undefined) request.ahead = [];
    return [...ahead, ...last.map(own)];
  }

  private withWholeReport<T>(outcome: Outcome<T>, id: number | undefined): Outcome<T> {
    return outcome.ok && hasBytes(outcome.value)
      ? { ...outcome, value: { ...outcome.value, report: this.whole(outcome.value.report, id) } }
      : outcome;
  }
}

/** The bytes of a message are a window on all that came through the channel with it, and would be passed on as that. */
const own = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes);

function hasBytes<T>(value: T): value is T & { readonly report: ReportBytes } {
  return typeof value === "object" && value !== null && "report" in value && Array.isArray(value.report);
}

/** Arithmetic waits while the editor draws or somebody types; a machine with nothing else to do runs it as fast. */
function yieldToEditor(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // The process has ended, or the system does not allow it.
  }
}
