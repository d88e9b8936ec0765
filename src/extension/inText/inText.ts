import * as vscode from "vscode";
import type { AnalysisRuns } from "../analysisRuns";
import type { EngineJobs } from "../engineJobs";
import type { ReportPanel } from "../views/panel";
import { AnalyzeOnSave } from "./analyzeOnSave";
import { Hints } from "./hints";
import { Lenses } from "./lenses";
import { OpenTexts } from "./openTexts";
import { ResultMemory } from "./resultMemory";
import { showResult } from "./showResult";
import { TextResults } from "./textResults";
import { WrongAnswers } from "./wrongAnswers";

/** What an analysis found, in the text that it was about. */
export class InText implements vscode.Disposable {
  private readonly parts: vscode.Disposable;

  constructor(runs: AnalysisRuns, jobs: EngineJobs, panel: ReportPanel, memory: vscode.Memento) {
    const results = new TextResults(runs, new ResultMemory(memory), runs.subjects);
    const texts = new OpenTexts(results, runs.subjects);
    this.parts = vscode.Disposable.from(
      results,
      texts,
      new Lenses(results, texts),
      new Hints(results, texts),
      new WrongAnswers(results, texts),
      new AnalyzeOnSave(runs, jobs, results),
      vscode.commands.registerCommand("relationLens.showResult", (uri: unknown, tab: unknown) =>
        showResult(uri, tab, { runs, panel, results }),
      ),
      vscode.commands.registerCommand("relationLens.showTemplateInText", (uri: unknown, template: unknown) => {
        if (uri instanceof vscode.Uri && typeof template === "number") results.showTemplate(uri, template);
      }),
    );
  }

  dispose(): void {
    this.parts.dispose();
  }
}
