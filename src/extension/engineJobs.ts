import { setTimeout as nextTurn } from "node:timers/promises";
import * as vscode from "vscode";
import type { Problem } from "../protocol/problem";
import type { EngineAnswer } from "./engineProcess";

/** How a job ended. */
export type Ended<T> =
  | { readonly type: "done"; readonly value: T; readonly problems: readonly Problem[] }
  | { readonly type: "problems"; readonly problems: readonly Problem[] }
  | { readonly type: "crashed"; readonly problems: readonly Problem[] }
  | { readonly type: "cancelled" };

export interface Job<T> {
  /** Called once it is this job's turn. */
  readonly onStart?: () => void;
  /** @param progress takes how much is done, 0 to 1 */
  readonly ask: (token: vscode.CancellationToken, progress: (fraction: number) => void) => Promise<EngineAnswer<T>>;
  /** Called before another job may start. */
  readonly onEnd?: (ended: Ended<T>) => void;
}

/** What keeps the engine busy: at most one job at a time; a new one cancels the one before. */
export class EngineJobs implements vscode.Disposable {
  private readonly progress = new vscode.EventEmitter<number | null>();
  private readonly crashes = new vscode.EventEmitter<readonly Problem[]>();
  /** How much of the job is done, 0 to 1; null at its end. */
  readonly onDidProgress = this.progress.event;
  readonly onDidCrash = this.crashes.event;
  private current: { readonly source: vscode.CancellationTokenSource; readonly ended: Promise<void> } | null = null;

  get busy(): boolean {
    return this.current !== null;
  }

  async run<T>({ onStart, ask, onEnd }: Job<T>): Promise<Ended<T>> {
    while (this.current !== null) {
      this.cancel();
      await this.current.ended;
    }
    const source = new vscode.CancellationTokenSource();
    let free = (): void => undefined;
    this.current = { source, ended: new Promise((resolve) => (free = resolve)) };
    this.progress.fire(0);
    onStart?.();
    const ended = await this.end((fraction) => this.progress.fire(fraction), ask, source.token);
    source.dispose();
    this.current = null;
    this.progress.fire(null);
    if (ended.type === "crashed") this.crashes.fire(ended.problems);
    onEnd?.(ended);
    free();
    return ended;
  }

  cancel(): void {
    this.current?.source.cancel();
  }

  dispose(): void {
    this.cancel();
    this.progress.dispose();
    this.crashes.dispose();
  }

  private async end<T>(
    progress: (fraction: number) => void,
    ask: Job<T>["ask"],
    token: vscode.CancellationToken,
  ): Promise<Ended<T>> {
    try {
      const answer = await ask(token, progress);
      // Reading a large answer and showing it are two turns of the event loop; typing gets in between.
      await nextTurn(0);
      return fromAnswer(answer);
    } catch (error) {
      return crashed(error instanceof Error ? error.message : String(error));
    }
  }
}

function fromAnswer<T>(answer: EngineAnswer<T>): Ended<T> {
  switch (answer.state) {
    case "cancelled":
      return { type: "cancelled" };
    case "crashed":
      return crashed(answer.how);
    case "answered": {
      const { outcome } = answer;
      return outcome.ok
        ? { type: "done", value: outcome.value, problems: outcome.problems }
        : { type: "problems", problems: outcome.problems };
    }
  }
}

function crashed(how: string): Ended<never> {
  return {
    type: "crashed",
    problems: [
      {
        kind: "internal",
        code: "engine-crashed",
        severity: "error",
        message: vscode.l10n.t("The analysis engine stopped unexpectedly ({0}).", how),
        remedy: vscode.l10n.t("Run the analysis again: the engine starts anew. The log has the details."),
      },
    ],
  };
}
