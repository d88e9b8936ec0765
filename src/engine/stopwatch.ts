import type { Timing } from "../protocol/report";

type Lap = "load" | "tokenize" | "forward" | "analyse";

/** Seconds of wall time per part of a run. */
export class Stopwatch {
  private readonly started = performance.now();
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

  seconds(): Omit<Timing, "tokens"> {
    return { ...this.laps, stages: this.stages, total: (performance.now() - this.started) / 1000 };
  }
}
