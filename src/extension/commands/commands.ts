import * as vscode from "vscode";
import type { AnalysisRuns } from "../analysisRuns";
import type { EngineClient } from "../engineClient";
import type { ReportPanel } from "../views/panel";
import type { RecentModels } from "../recentModels";
import { analyze } from "./analyze";
import { chooseModel } from "./chooseModel";

export interface CommandContext {
  readonly engine: EngineClient;
  readonly runs: AnalysisRuns;
  readonly panel: ReportPanel;
  readonly recentModels: RecentModels;
  readonly log: vscode.LogOutputChannel;
}

export function registerCommands(context: CommandContext): vscode.Disposable {
  const { engine, runs, log } = context;
  const commands = {
    "relationLens.analyze": (argument: unknown) => analyze(argument, context),
    "relationLens.chooseModel": (argument: unknown) => chooseModel(argument, context),
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
