import * as vscode from "vscode";
import { AnalysisRuns } from "./analysisRuns";
import { CrashNotice } from "./views/crashNotice";
import { registerCommands } from "./commands/commands";
import { RelationDiagnostics } from "./editor/diagnostics";
import { EngineClient } from "./engineClient";
import { EngineJobs } from "./engineJobs";
import { RecentModels } from "./recentModels";
import { ReportsTree } from "./reports/reportsTree";
import { ReportPanel } from "./views/panel";
import { RelationsPage } from "./views/relationsPage";
import { SimulationPage } from "./views/simulationPage";
import { ModelStatus } from "./views/status";

/** What other extensions and the extension's own tests may use. */
export interface RelationLensApi {
  readonly engine: Pick<EngineClient, "pid" | "models">;
  readonly runs: Pick<AnalysisRuns, "busy" | "onDidHappen">;
  readonly relations: Pick<RelationsPage, "onDidSend">;
  readonly simulation: Pick<SimulationPage, "onDidSend">;
  readonly reports: Pick<ReportsTree, "getChildren" | "getTreeItem" | "onDidChangeTreeData">;
}

export function activate(context: vscode.ExtensionContext): RelationLensApi {
  const log = vscode.window.createOutputChannel("Relation Lens", { log: true });
  const inspect = process.env["RELATION_LENS_INSPECT_ENGINE"];
  const engine = new EngineClient({
    module: vscode.Uri.joinPath(context.extensionUri, "dist", "engine.js").fsPath,
    onLog: (level, message) => log[level](message),
    execArgv: inspect === undefined ? [] : [`--inspect=${inspect}`],
  });
  const jobs = new EngineJobs();
  const runs = new AnalysisRuns(engine, jobs);
  const panel = new ReportPanel(context.extensionUri, runs, engine, log);
  const relations = new RelationsPage(context.extensionUri, engine, jobs, log);
  const simulation = new SimulationPage(context.extensionUri, engine, jobs, log);
  const reports = new ReportsTree();
  const recentModels = new RecentModels(context.workspaceState);
  const comparedModels = new RecentModels(context.workspaceState, "comparedModels");
  context.subscriptions.push(
    log,
    engine,
    jobs,
    runs,
    panel,
    relations,
    simulation,
    reports,
    new RelationDiagnostics(runs),
    new ModelStatus(runs, jobs),
    new CrashNotice(jobs, log),
    registerCommands({
      engine,
      jobs,
      runs,
      panel,
      relations,
      simulation,
      reports,
      recentModels,
      comparedModels,
      log,
    }),
  );
  return { engine, runs, relations, simulation, reports };
}
