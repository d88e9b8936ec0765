import { setMaxListeners } from "node:events";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { fitV8To } from "./v8Flags";
import { inline, type Compute, type TaskArguments, type TaskName, type TaskResult } from "./tasks";

export interface Order {
  readonly id: number;
  readonly name: TaskName;
  readonly args: TaskArguments<TaskName>;
}

export type Answer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: unknown };

interface Job {
  readonly order: Order;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** More share little: an analysis has a dozen tasks of unequal length. */
const mostThreads = 4;

/** What passes of the model wait for, which take a thread of their own: it would idle behind longer tasks. */
const first: ReadonlySet<TaskName> = new Set(["linearity", "inverseChanges", "layerVectors", "erasure"]);

/** Worker threads that outlive an analysis, so that only the first one pays for their start. */
export class WorkerPool {
  private readonly idle: Worker[] = [];
  private readonly busy = new Map<Worker, Job>();
  private waiting: Job[] = [];
  private ids = 0;

  constructor(
    private readonly file: string,
    private readonly threads: number,
  ) {}

  /** Starts the threads, so that they are there when the first analysis is. */
  start(): void {
    while (this.idle.length + this.busy.size < this.threads) this.idle.push(this.spawn());
  }

  /** Tasks under a signal: once it is aborted, those that wait are dropped and those that run are stopped at once. */
  under(signal: AbortSignal): Compute {
    // One listener per task that waits or runs, which are more than the ten from which Node.js suspects a leak.
    setMaxListeners(0, signal);
    return {
      run: <Name extends TaskName>(name: Name, ...args: TaskArguments<Name>) =>
        new Promise<TaskResult<Name>>((resolve, reject) => {
          if (signal.aborted) {
            reject(reasonOf(signal));
            return;
          }
          const stop = () => this.stop(job, reasonOf(signal));
          const done = () => signal.removeEventListener("abort", stop);
          const job: Job = {
            order: { id: ++this.ids, name, args },
            resolve: (value) => {
              done();
              resolve(value as TaskResult<Name>);
            },
            reject: (error) => {
              done();
              reject(error);
            },
          };
          signal.addEventListener("abort", stop, { once: true });
          this.waiting.push(job);
          this.dispatch();
        }),
    };
  }

  /** Ends the threads; a later task starts new ones. */
  async close(): Promise<void> {
    const workers = [...this.idle.splice(0), ...this.busy.keys()];
    this.busy.clear();
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  private dispatch(): void {
    while (this.waiting.length > 0) {
      const worker = this.idle.pop() ?? (this.busy.size < this.threads ? this.spawn() : undefined);
      if (worker === undefined) return;
      const urgent = this.waiting.findIndex(({ order }) => first.has(order.name));
      const [job] = this.waiting.splice(Math.max(0, urgent), 1);
      if (job === undefined) return;
      this.busy.set(worker, job);
      worker.ref();
      worker.postMessage(job.order);
    }
  }

  private spawn(): Worker {
    const worker = new Worker(this.file);
    // A thread that waits must not keep the process alive.
    worker.unref();
    worker.on("message", (answer: Answer) => {
      const job = this.busy.get(worker);
      if (job?.order.id !== answer.id) return;
      this.busy.delete(worker);
      worker.unref();
      this.idle.push(worker);
      if (answer.ok) job.resolve(answer.value);
      else job.reject(errorOf(answer.error));
      this.dispatch();
    });
    worker.on("error", (error) => {
      const job = this.busy.get(worker);
      this.forget(worker);
      job?.reject(error);
      this.dispatch();
    });
    return worker;
  }

  private stop(job: Job, reason: Error): void {
    this.waiting = this.waiting.filter((other) => other !== job);
    for (const [worker, running] of this.busy) {
      if (running !== job) continue;
      this.forget(worker);
      void worker.terminate();
    }
    job.reject(reason);
    this.dispatch();
  }

  private forget(worker: Worker): void {
    this.busy.delete(worker);
    const place = this.idle.indexOf(worker);
    if (place >= 0) this.idle.splice(place, 1);
  }
}

function reasonOf(signal: AbortSignal): Error {
  return errorOf(signal.reason);
}

function errorOf(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

/** Beside the bundle that runs; absent where the sources run unbundled, as in unit tests. */
const bundled = join(__dirname, "analysisWorker.js");
let shared: WorkerPool | null = null;

/** The pool of this process, or this thread where there is no worker to run. */
export function computeUnder(signal: AbortSignal): Compute {
  const pool = sharedPool();
  return pool === null ? inline : pool.under(signal);
}

/** Starts the threads of this process ahead of their first task. */
export function warmUp(): void {
  sharedPool()?.start();
}

/** @returns null where the worker's bundle is not there */
function sharedPool(): WorkerPool | null {
  if (!existsSync(bundled)) return null;
  if (shared === null) {
    const threads = Math.min(mostThreads, availableParallelism());
    fitV8To(threads);
    shared = new WorkerPool(bundled, threads);
  }
  return shared;
}
