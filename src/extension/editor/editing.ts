import * as vscode from "vscode";
import type { AnalysisRuns } from "../analysisRuns";
import type { EngineClient } from "../engineClient";
import { BuiltInRelations } from "./builtInRelations";
import { RelationCompletions } from "./completions";
import { createFromSelection } from "./createFromSelection";
import { RelationDiagnostics } from "./diagnostics";
import { RelationHovers } from "./hovers";
import { newRelation } from "./newRelation";
import { QuickFixes } from "./quickFixes";
import { relationFiles } from "./ranges";
import { RelationSymbols } from "./symbolTree";

/** What makes relation files as comfortable as code. */
export function registerEditing(extension: vscode.Uri, engine: EngineClient, runs: AnalysisRuns): vscode.Disposable {
  const { languages, commands } = vscode;
  const fixes = new QuickFixes(new BuiltInRelations(extension));
  return vscode.Disposable.from(
    new RelationDiagnostics(runs, engine),
    languages.registerCodeActionsProvider(relationFiles, fixes, { providedCodeActionKinds: QuickFixes.kinds }),
    languages.registerCompletionItemProvider(
      relationFiles,
      new RelationCompletions(engine),
      ...RelationCompletions.triggers,
    ),
    languages.registerHoverProvider(relationFiles, new RelationHovers()),
    languages.registerDocumentSymbolProvider(relationFiles, new RelationSymbols(), { label: "Relation Lens" }),
    commands.registerCommand("relationLens.newRelation", newRelation),
    commands.registerCommand("relationLens.createFromSelection", createFromSelection),
  );
}
