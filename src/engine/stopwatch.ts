import type { Timing } from "../protocol/report";

type Lap = "load" | "tokenize" | "forward" | "analyse";

/** Seconds of wall time per part of a run. */
export class Stopwatch {
  private since: number | null = performance.now();
  private before = 0;
  private readonly laps: Record<Lap, number> = { load: 0, tokenize: 0, forward: 0, analyse: 0 };

  private readonly stages: Record<string, number> = {};

  async measure<T>(lap: Lap, run: () => T | Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await run();
    } finally {
      this.laps[lap] += (performance.now() - start) / 1000;
    }
  }

  add(lap: Lap, seconds: number): void {
    this.laps[lap] += seconds;
  }

  /** A part of `analyse`; stages run side by side, so that their sum exceeds it. */
  async stage<T>(name: string, run: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await run();
    } finally {
      this.stages[name] = (performance.now() - start) / 1000;
    }
  }

  /** What comes until `resume` belongs to another run. */
  pause(): void {
    this.before = this.seconds().total;
    this.since = null;
  }

  resume(): void {
    this.since = performance.now();
  }

  seconds(): Omit<Timing, "tokens"> {
    const running = this.since === null ? 0 : (performance.now() - this.since) / 1000;
    return { ...this.laps, stages: this.stages, total: this.before + running };
  }
}
