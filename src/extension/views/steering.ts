import * as vscode from "vscode";
import type { SteerOutcome, SteerParams } from "../../protocol/engine";
import type { EngineClient } from "../engineClient";

/** Steers for the panel: a new request ends the one before, and every request is answered, since the page waits. */
export class Steering implements vscode.Disposable {
  private current: vscode.CancellationTokenSource | null = null;

  constructor(private readonly engine: Pick<EngineClient, "steer">) {}

  /** @param ready the engine has just made the report that the panel shows, and has its model open */
  async steer(params: SteerParams, ready: boolean): Promise<SteerOutcome> {
    this.current?.cancel();
    const source = new vscode.CancellationTokenSource();
    this.current = source;
    try {
      return (ready ? await this.engine.steer(params, source.token) : null) ?? notReady();
    } catch (error) {
      return failed(error instanceof Error ? error.message : String(error));
    } finally {
      source.dispose();
      if (this.current === source) this.current = null;
    }
  }

  dispose(): void {
    this.current?.cancel();
  }
}

function notReady(): SteerOutcome {
  return {
    ok: false,
    problems: [
      {
        kind: "usage",
        code: "steer-without-analysis",
        severity: "warning",
        message: vscode.l10n.t("The model of this report is not open."),
        remedy: vscode.l10n.t("Analyze again to steer its prompts by hand."),
      },
    ],
  };
}

function failed(reason: string): SteerOutcome {
  return {
    ok: false,
    problems: [
      {
        kind: "internal",
        code: "steer-failed",
        severity: "error",
        message: vscode.l10n.t("The prompt could not be steered: {0}", reason),
        remedy: vscode.l10n.t("The log has the details."),
      },
    ],
  };
}
