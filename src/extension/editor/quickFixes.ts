import * as vscode from "vscode";
import type { Fix } from "../../formats/editing/fix";
import { fixesFor, safeEdits } from "../../formats/editing/fixes";
import { borrowedSampleFixes } from "../../formats/editing/sampleFixes";
import { readLocated, type LocatedText } from "../../formats/locatedText";
import { relationOutline } from "../../formats/relationOutline";
import type { BuiltInRelations } from "./builtInRelations";
import { fixTitle } from "./fixTitles";
import { source } from "./problemDiagnostic";
import { workspaceEdit } from "./ranges";

const fixAll = vscode.CodeActionKind.SourceFixAll.append("relationLens");
/** Where more samples help. */
const fewSamples = ["relation-no-samples", "relation-few-samples", "relation-figures-unsettled"];

/** What can be done about the problems of a relation file. */
export class QuickFixes implements vscode.CodeActionProvider {
  static readonly kinds = [vscode.CodeActionKind.QuickFix, fixAll];

  constructor(private readonly builtIn: BuiltInRelations) {}

  async provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    { diagnostics, only }: vscode.CodeActionContext,
  ): Promise<vscode.CodeAction[]> {
    const text = document.getText();
    const file = document.uri.fsPath;
    const actions: vscode.CodeAction[] = [];
    const own = diagnostics.filter((diagnostic) => diagnostic.source === source);
    if (own.length > 0 && (only === undefined || only.intersects(vscode.CodeActionKind.QuickFix))) {
      const located = readLocated(text, file);
      for (const diagnostic of own) {
        const fixes = [
          ...(await this.borrowed(diagnostic, located, document)),
          ...fixesOf(diagnostic, located, document),
        ];
        actions.push(...fixes.map((fix) => toAction(fix, diagnostic, document)));
      }
    }
    // Nobody asks for all of them at a single place.
    const edits = only?.contains(fixAll) === true ? safeEdits(text, file) : [];
    if (edits.length > 0) {
      const action = new vscode.CodeAction(vscode.l10n.t("Mend what does not change the relation"), fixAll);
      action.edit = workspaceEdit(document, edits);
      actions.push(action);
    }
    return actions;
  }

  private async borrowed(
    { code }: vscode.Diagnostic,
    located: LocatedText,
    document: vscode.TextDocument,
  ): Promise<readonly Fix[]> {
    if (typeof code !== "string" || !fewSamples.includes(code)) return [];
    const { name } = relationOutline(document.getText(), document.uri.fsPath);
    const relation = await this.builtIn.find(name.text);
    return relation === null ? [] : borrowedSampleFixes(located, relation.name, relation.samples);
  }
}

function fixesOf(
  { code, severity, range }: vscode.Diagnostic,
  located: LocatedText,
  document: vscode.TextDocument,
): readonly Fix[] {
  if (typeof code !== "string") return [];
  return fixesFor(located, {
    code,
    severity: severity === vscode.DiagnosticSeverity.Error ? "error" : "warning",
    offset: document.offsetAt(range.start),
  });
}

function toAction(fix: Fix, diagnostic: vscode.Diagnostic, document: vscode.TextDocument): vscode.CodeAction {
  const action = new vscode.CodeAction(fixTitle(fix), vscode.CodeActionKind.QuickFix);
  action.edit = workspaceEdit(document, fix.edits);
  action.diagnostics = [diagnostic];
  action.isPreferred = fix.preferred;
  return action;
}
