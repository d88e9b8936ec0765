import type { MessageConnection } from "vscode-jsonrpc/node";
import { partsOf } from "../formats/reportParts";
import {
  methods,
  type AnalyzedReport,
  type PartParams,
  type Progress,
  type ProgressNotification,
} from "../protocol/engine";
import type { ReportBytes } from "../protocol/reportBytes";
import type { Report } from "../protocol/report";

/** Sends what a request brings to the process that asked, in order, and figures no faster than that takes them. */
export class FigureSender {
  private sent: Promise<unknown> = Promise.resolve();

  /** @param id of the request, as its caller numbers it */
  constructor(
    private readonly connection: Pick<MessageConnection, "sendRequest" | "sendNotification">,
    private readonly id: number,
  ) {}

  progress({ partial, ...progress }: Progress): void {
    const figures = partial === undefined ? null : bytesOf(partial);
    this.sent = this.sent.then(async () => {
      const rest = figures === null ? {} : { partial: await this.ahead(partsOf(figures)) };
      const message = { ...progress, ...rest, id: this.id } satisfies ProgressNotification;
      await this.connection.sendNotification(methods.progress, message);
    });
    // Where the channel is broken nobody listens any more.
    this.sent.catch(() => undefined);
  }

  /**
   * Sends a report but for its last part, after all progress.
   *
   * @returns it with that part only, for the answer
   * @throws the signal's reason once it is aborted
   */
  async report<T extends AnalyzedReport>(value: T, signal: AbortSignal): Promise<T> {
    await this.sent;
    return { ...value, report: await this.ahead(value.report, signal) };
  }

  /** Sends all parts but the last, which it returns. */
  private async ahead(figures: ReportBytes, signal?: AbortSignal): Promise<ReportBytes> {
    for (const part of figures.slice(0, -1)) {
      signal?.throwIfAborted();
      await this.connection.sendRequest(methods.part, { id: this.id, part } satisfies PartParams);
    }
    return figures.slice(-1);
  }
}

export const bytesOf = (figures: Partial<Report>): Uint8Array => new TextEncoder().encode(JSON.stringify(figures));
