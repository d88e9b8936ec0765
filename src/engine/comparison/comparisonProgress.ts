import type { Progress } from "../../protocol/engine";
import type { Hooks } from "../engine";

/** Of the running time, what each of the two models takes; the rest is what they are compared by. */
const modelShare = 0.42;

export interface ComparisonHooks {
  readonly signal: AbortSignal;
  /** Reports the share that is done, 0 to 1, and lets a cancellation arrive. @throws Cancelled */
  pause(done: number, detail: string): Promise<void>;
}

export interface ComparisonProgress {
  readonly left: Hooks;
  readonly right: Hooks;
  readonly comparison: ComparisonHooks;
}

/** One fraction for two analyses and what comes after them. The parts of the right model's report are kept back. */
export function comparisonProgress(hooks: Hooks, leftName: string, rightName: string): ComparisonProgress {
  const done = { left: 0, right: 0, comparison: 0 };
  const send = (part: keyof typeof done, progress: Progress) => {
    done[part] = Math.max(done[part], progress.fraction);
    const fraction = modelShare * (done.left + done.right) + (1 - 2 * modelShare) * done.comparison;
    hooks.onProgress({ ...progress, fraction: Math.min(1, fraction) });
  };
  const named = (name: string, detail: string) => [name, detail].filter((part) => part !== "").join(": ");
  return {
    left: {
      ...hooks,
      onProgress: (progress) => send("left", { ...progress, detail: named(leftName, progress.detail) }),
    },
    right: {
      ...hooks,
      onProgress: ({ phase, detail, fraction, download }) =>
        send("right", {
          phase,
          detail: named(rightName, detail),
          fraction,
          ...(download !== undefined && { download }),
        }),
    },
    comparison: {
      signal: hooks.signal,
      pause: async (fraction, detail) => {
        send("comparison", { phase: "comparison", detail, fraction });
        await new Promise((resolve) => setImmediate(resolve));
        hooks.signal.throwIfAborted();
      },
    },
  };
}

/** A part of the work as a whole of its own. */
export function partOf(hooks: ComparisonHooks, from: number, share: number): ComparisonHooks {
  return { ...hooks, pause: (done, detail) => hooks.pause(from + share * done, detail) };
}

/** Tasks that run side by side; each says when it is done, and what is still running. */
export class Steps {
  private readonly running: string[] = [];
  private done = 0;

  constructor(
    private readonly hooks: ComparisonHooks,
    private readonly total: number,
  ) {}

  /** @throws Cancelled */
  async of<T>(name: string, task: Promise<T>): Promise<T> {
    this.running.push(name);
    const result = await task;
    this.running.splice(this.running.indexOf(name), 1);
    await this.hooks.pause(++this.done / this.total, [...new Set(this.running)].join(", "));
    return result;
  }
}
