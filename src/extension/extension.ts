import * as vscode from "vscode";
import { AnalysisRuns } from "./analysisRuns";
import { CrashNotice } from "./views/crashNotice";
import { registerCommands } from "./commands/commands";
import { RelationDiagnostics } from "./editor/diagnostics";
import { EngineClient } from "./engineClient";
import { RecentModels } from "./recentModels";
import { ReportPanel } from "./views/panel";
import { ModelStatus } from "./views/status";

/** What other extensions and the extension's own tests may use. */
export interface RelationLensApi {
  readonly engine: Pick<EngineClient, "pid" | "models">;
  readonly runs: Pick<AnalysisRuns, "busy" | "onDidHappen">;
}

export function activate(context: vscode.ExtensionContext): RelationLensApi {
  const log = vscode.window.createOutputChannel("Relation Lens", { log: true });
  const inspect = process.env["RELATION_LENS_INSPECT_ENGINE"];
  const engine = new EngineClient({
    module: vscode.Uri.joinPath(context.extensionUri, "dist", "engine.js").fsPath,
    onLog: (level, message) => log[level](message),
    execArgv: inspect === undefined ? [] : [`--inspect=${inspect}`],
  });
  const runs = new AnalysisRuns(engine);
  const panel = new ReportPanel(context.extensionUri, runs, engine, log);
  context.subscriptions.push(
    log,
    engine,
    runs,
    panel,
    new RelationDiagnostics(runs),
    new ModelStatus(runs),
    new CrashNotice(runs, log),
    registerCommands({ engine, runs, panel, log, recentModels: new RecentModels(context.workspaceState) }),
  );
  return { engine, runs };
}
