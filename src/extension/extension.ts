import * as vscode from "vscode";
import { AnalysisRuns } from "./analysisRuns";
import { Assessments } from "./assessments";
import { CrashNotice } from "./views/crashNotice";
import { registerCommands } from "./commands/commands";
import { registerEditing } from "./editor/editing";
import { EngineClient } from "./engineClient";
import { EngineJobs } from "./engineJobs";
import { InText } from "./inText/inText";
import { RecentModels } from "./recentModels";
import { ReportsTree } from "./reports/reportsTree";
import { RelationTests } from "./testing/relationTests";
import { registerTools, relationTools, type RelationTools } from "./tools/relationTools";
import { SubjectChoices } from "./subjects/subjectChoices";
import { SubjectsStatus } from "./subjects/subjectsStatus";
import { LastResults } from "./trees/lastResults";
import { ModelsTree } from "./trees/modelsTree";
import { RelationsTree } from "./trees/relationsTree";
import { registerTreeCommands } from "./trees/treeCommands";
import { followSteps, pageAfterReload } from "./trees/walkthrough";
import { ReportPanel } from "./views/panel";
import { RelationsPage } from "./views/relationsPage";
import { SimulationPage } from "./views/simulationPage";
import { ModelStatus } from "./views/status";

/** What other extensions and the extension's own tests may use. */
export interface RelationLensApi {
  readonly assessments: Assessments;
  readonly tests: Pick<RelationTests, "controller">;
  readonly tools: RelationTools;
  readonly engine: Pick<EngineClient, "pid" | "models">;
  readonly runs: Pick<AnalysisRuns, "busy" | "onDidHappen" | "subjects" | "analyze">;
  readonly relations: Pick<RelationsPage, "onDidSend">;
  readonly simulation: Pick<SimulationPage, "onDidSend">;
  readonly reports: Pick<ReportsTree, "getChildren" | "getTreeItem" | "onDidChangeTreeData">;
  readonly relationFiles: Pick<RelationsTree, "getChildren" | "getTreeItem" | "onDidChangeTreeData">;
  readonly models: Pick<ModelsTree, "getChildren" | "getTreeItem" | "onDidChangeTreeData">;
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
  const subjects = new SubjectChoices(engine, context.workspaceState);
  const runs = new AnalysisRuns(engine, jobs, subjects);
  const panel = new ReportPanel(context.extensionUri, runs, engine, log);
  const relations = new RelationsPage(context.extensionUri, engine, jobs, log);
  const simulation = new SimulationPage(context.extensionUri, engine, jobs, log);
  const reports = new ReportsTree();
  const recentModels = new RecentModels(context.workspaceState);
  const comparedModels = new RecentModels(context.workspaceState, "comparedModels");
  const results = new LastResults(context.workspaceState, runs);
  const relationFiles = new RelationsTree(results);
  const recent = [recentModels, comparedModels];
  const models = new ModelsTree({ extension: context.extensionUri, engine, runs, jobs, recent });
  const assessments = new Assessments(engine, jobs, subjects);
  const tests = new RelationTests(assessments);
  const tools = relationTools(assessments);
  context.subscriptions.push(
    log,
    tests,
    registerTools(tools),
    engine,
    jobs,
    subjects,
    new SubjectsStatus(subjects),
    runs,
    panel,
    relations,
    simulation,
    reports,
    registerEditing(context.extensionUri, engine, runs),
    new InText(runs, jobs, panel, context.workspaceState),
    results,
    relationFiles,
    models,
    followSteps(runs),
    new ModelStatus(runs, jobs, panel, results),
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
    registerTreeCommands({
      extension: context.extensionUri,
      memory: context.globalState,
      engine,
      jobs,
      runs,
      panel,
      recentModels,
      comparedModels,
      models,
    }),
  );
  void pageAfterReload.restore(context.globalState);
  return { assessments, tests, tools, engine, runs, relations, simulation, reports, relationFiles, models };
}
