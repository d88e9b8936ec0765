import type { DownloadProgress, Phase, Progress } from "../protocol/engine";
import type { Report, Section } from "../protocol/report";

/** Shares of the running time, for a bar that moves evenly; measured on the embedded model. */
const weights: Record<Phase, number> = {
  load: 3,
  tokenize: 1,
  forward: 4,
  parallelism: 2,
  linearity: 5,
  subspaces: 3,
  probes: 10,
  report: 1,
};

/** Of the time until the model is open, where it is downloaded first. */
const downloadShare = 0.9;

/** Turns phases and shares within them into one fraction that never falls, and lets cancellation in. */
export class ProgressMeter {
  private readonly total: number;
  private before = 0;
  private phase: Phase = "load";

  constructor(
    private readonly hooks: { readonly signal: AbortSignal; readonly onProgress: (progress: Progress) => void },
    only: readonly Section[],
  ) {
    const always: readonly Phase[] = ["load", "tokenize", "forward", "report"];
    this.total = [...always, ...only].reduce((sum, phase) => sum + weights[phase], 0);
  }

  /** @throws Cancelled */
  async enter(phase: Phase, detail: string): Promise<void> {
    if (phase !== this.phase) this.before += weights[this.phase];
    this.phase = phase;
    await this.pause(0, detail);
  }

  /** Reports the share of the current phase that is done, 0 to 1. */
  within(done: number, detail: string): void {
    this.send(done, detail);
  }

  /** Reports how much of a model has arrived. */
  downloading(download: DownloadProgress): void {
    const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
    const detail = `downloading ${download.file}: ${megabytes(download.bytes)} of ${megabytes(download.total)} MB`;
    this.send(downloadShare * (download.bytes / Math.max(download.total, 1)), detail, { download });
  }

  /** Like `within`, and turns the event loop once, so that a cancellation can arrive. @throws Cancelled */
  async pause(done: number, detail: string): Promise<void> {
    this.send(done, detail);
    await new Promise((resolve) => setImmediate(resolve));
    this.hooks.signal.throwIfAborted();
  }

  /** Hands over parts of the report that are final. */
  publish(partial: Partial<Report>): void {
    this.send(1, "", { partial });
  }

  private send(done: number, detail: string, more?: Pick<Progress, "partial" | "download">): void {
    const fraction = Math.min(1, (this.before + weights[this.phase] * done) / this.total);
    this.hooks.onProgress({ phase: this.phase, detail, fraction, ...more });
  }
}
