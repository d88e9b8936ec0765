import { dirname } from "node:path";
import * as vscode from "vscode";
import { openDocument } from "../relationFiles";
import type { SubjectChoices } from "./subjectChoices";
import { subjectsName } from "./subjectItems";

/** Beside the language of a prompt file: the subjects that were chosen for it, and a way to choose others. */
export class SubjectsStatus implements vscode.Disposable {
  private item: vscode.LanguageStatusItem | null = null;
  private readonly subscriptions: vscode.Disposable;

  constructor(private readonly choices: Pick<SubjectChoices, "of" | "onDidChange">) {
    this.subscriptions = vscode.Disposable.from(
      vscode.window.onDidChangeActiveTextEditor(() => this.draw()),
      choices.onDidChange(() => this.draw()),
    );
    this.draw();
  }

  dispose(): void {
    this.item?.dispose();
    this.subscriptions.dispose();
  }

  private draw(): void {
    this.item?.dispose();
    this.item = null;
    const uri = vscode.window.activeTextEditor?.document.uri;
    const subjects = uri && this.choices.of(uri);
    if (uri === undefined || subjects === undefined) return;
    const pattern = new vscode.RelativePattern(vscode.Uri.file(dirname(uri.fsPath)), "*");
    const language = openDocument(uri)?.languageId;
    this.item = vscode.languages.createLanguageStatusItem("relationLens.subjects", {
      pattern,
      ...(language !== undefined && { language }),
    });
    this.item.name = vscode.l10n.t("Relation Lens subjects");
    this.item.text = vscode.l10n.t("Subjects: {0}", subjectsName(subjects));
    this.item.command = {
      command: "relationLens.chooseSubjects",
      title: vscode.l10n.t("Choose Subjects…"),
      arguments: [uri],
    };
  }
}
