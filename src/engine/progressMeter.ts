import type { DownloadProgress, Phase, Progress } from "../protocol/engine";
import type { Report } from "../protocol/report";

/** Shares of the running time, for a bar that moves evenly; measured on the embedded model. */
const weights: Record<Phase, number> = {
  load: 3,
  tokenize: 1,
  forward: 4,
  parallelism: 2,
  linearity: 6,
  subspaces: 3,
  probes: 6,
  steering: 3,
  origins: 1,
  comparison: 6,
  twins: 6,
  report: 1,
  write: 4,
};

/** Of the time until the model is open, where it is downloaded first. */
const downloadShare = 0.9;

/** Turns phases, which may run side by side, and shares within them into one fraction that never falls. */
export class ProgressMeter {
  private readonly shares = new Map<Phase, number>();
  private readonly total: number;

  constructor(
    private readonly hooks: { readonly signal: AbortSignal; readonly onProgress: (progress: Progress) => void },
    phases: readonly Phase[],
  ) {
    this.total = phases.reduce((sum, phase) => sum + weights[phase], 0);
  }

  /** Reports the share of a phase that is done, 0 to 1. */
  within(phase: Phase, done: number, detail: string): void {
    this.send(phase, done, detail);
  }

  /** Reports how much of a model has arrived. */
  downloading(download: DownloadProgress): void {
    const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
    const detail = `downloading ${download.file}: ${megabytes(download.bytes)} of ${megabytes(download.total)} MB`;
    this.send("load", downloadShare * (download.bytes / Math.max(download.total, 1)), detail, { download });
  }

  /** Like `within`, and turns the event loop once, so that a cancellation can arrive. @throws Cancelled */
  async pause(phase: Phase, done: number, detail: string): Promise<void> {
    this.send(phase, done, detail);
    await new Promise((resolve) => setImmediate(resolve));
    this.hooks.signal.throwIfAborted();
  }

  /** Hands over parts of the report that are final, and with them the end of a phase. */
  publish(phase: Phase, partial: Partial<Report>): void {
    this.send(phase, 1, "", { partial });
  }

  private send(phase: Phase, done: number, detail: string, more?: Pick<Progress, "partial" | "download">): void {
    this.shares.set(phase, Math.max(done, this.shares.get(phase) ?? 0));
    const reached = [...this.shares].reduce((sum, [other, share]) => sum + weights[other] * share, 0);
    this.hooks.onProgress({ phase, detail, fraction: Math.min(1, reached / this.total), ...more });
  }
}
