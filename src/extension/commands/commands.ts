import * as vscode from "vscode";
import type { AnalysisRuns } from "../analysisRuns";
import type { EngineClient } from "../engineClient";
import type { ReportPanel } from "../views/panel";
import { analyze } from "./analyze";

export interface CommandContext {
  readonly engine: EngineClient;
  readonly runs: AnalysisRuns;
  readonly panel: ReportPanel;
  readonly log: vscode.LogOutputChannel;
}

export function registerCommands(context: CommandContext): vscode.Disposable {
  const { engine, runs, log } = context;
  const commands = {
    "relationLens.analyze": (argument: unknown) => analyze(argument, context),
    "relationLens.cancel": () => runs.cancel(),
    "relationLens.showLog": () => log.show(),
    "relationLens.restartEngine": () => {
      runs.cancel();
      engine.stop();
    },
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, run]) => vscode.commands.registerCommand(name, run)),
  );
}
