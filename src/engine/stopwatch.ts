import type { Timing } from "../protocol/report";

type Lap = Exclude<keyof Timing, "total" | "tokens">;

/** Seconds of wall time per part of a run. */
export class Stopwatch {
  private readonly started = performance.now();
  private readonly laps: Record<Lap, number> = { load: 0, tokenize: 0, forward: 0, analyse: 0 };

  async measure<T>(lap: Lap, run: () => T | Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await run();
    } finally {
      this.laps[lap] += (performance.now() - start) / 1000;
    }
  }

  seconds(): Omit<Timing, "tokens"> {
    return { ...this.laps, total: (performance.now() - this.started) / 1000 };
  }
}
