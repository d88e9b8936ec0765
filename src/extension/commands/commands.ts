import * as vscode from "vscode";
import type { AnalysisRuns } from "../analysisRuns";
import type { EngineClient } from "../engineClient";
import type { EngineJobs } from "../engineJobs";
import type { RecentModels } from "../recentModels";
import type { ReportsTree } from "../reports/reportsTree";
import type { ReportPanel } from "../views/panel";
import type { RelationsPage } from "../views/relationsPage";
import type { SimulationPage } from "../views/simulationPage";
import { analyze } from "./analyze";
import { chooseModel } from "./chooseModel";
import { chooseSubjects } from "./chooseSubjects";
import { compareModels } from "./compareModels";
import { compareRelations } from "./compareRelations";
import { compareReports } from "./compareReports";
import { makeTwin } from "./makeTwin";
import { openReport } from "./openReport";
import { deleteReports, openRelationOf } from "./reportActions";

export interface CommandContext {
  readonly engine: EngineClient;
  readonly jobs: EngineJobs;
  readonly runs: AnalysisRuns;
  readonly panel: ReportPanel;
  readonly relations: RelationsPage;
  readonly simulation: SimulationPage;
  readonly reports: ReportsTree;
  readonly recentModels: RecentModels;
  /** Second models of comparisons. */
  readonly comparedModels: RecentModels;
  readonly log: vscode.LogOutputChannel;
}

type Command = (argument: unknown, selection: unknown) => unknown;

export function registerCommands(context: CommandContext): vscode.Disposable {
  const { engine, jobs, simulation, reports, log } = context;
  const commands: Readonly<Record<string, Command>> = {
    "relationLens.analyze": (argument) => analyze(argument, context),
    "relationLens.compareModels": (argument, second) => compareModels(argument, second, context),
    "relationLens.compareRelations": (argument, selection) => compareRelations(argument, selection, context),
    "relationLens.makeTwin": () => makeTwin(context),
    "relationLens.originsSimulation": () => simulation.open(),
    "relationLens.openReport": (argument) => openReport(argument, context),
    "relationLens.openSelectedReport": () => openReport(reports.selected, context),
    "relationLens.compareReports": (argument, selection) => compareReports(argument, selection, context),
    "relationLens.openRelationOfReport": (argument) => openRelationOf(argument),
    "relationLens.deleteReport": (argument, selection) => deleteReports(argument, selection),
    "relationLens.refreshReports": () => reports.refresh(),
    "relationLens.chooseModel": (argument) => chooseModel(argument, context),
    "relationLens.chooseSubjects": (argument) => chooseSubjects(argument, context),
    "relationLens.cancel": () => jobs.cancel(),
    "relationLens.showLog": () => log.show(),
    "relationLens.restartEngine": () => {
      jobs.cancel();
      engine.stop();
    },
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, run]) => vscode.commands.registerCommand(name, run)),
  );
}
