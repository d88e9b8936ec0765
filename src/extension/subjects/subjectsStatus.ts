import { dirname } from "node:path";
import * as vscode from "vscode";
import { openDocument } from "../relationFiles";
import type { SubjectChoices } from "./subjectChoices";
import { readingName } from "./readingItems";
import { subjectsName } from "./subjectItems";

/** Beside the language of a prompt file: the subjects and the variable that were chosen for it, and a way to choose others. */
export class SubjectsStatus implements vscode.Disposable {
  private item: vscode.LanguageStatusItem | null = null;
  private readonly subscriptions: vscode.Disposable;

  constructor(private readonly choices: Pick<SubjectChoices, "chosen" | "onDidChange">) {
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
    if (uri === undefined) return;
    const { subjects, choice } = this.choices.chosen(uri);
    const [text, detail] = [
      ...(subjects ? [vscode.l10n.t("Subjects: {0}", subjectsName(subjects))] : []),
      ...(choice ? [readingName(choice)] : []),
    ];
    if (text === undefined) return;
    const pattern = new vscode.RelativePattern(vscode.Uri.file(dirname(uri.fsPath)), "*");
    const language = openDocument(uri)?.languageId;
    this.item = vscode.languages.createLanguageStatusItem("relationLens.subjects", {
      pattern,
      ...(language !== undefined && { language }),
    });
    this.item.name = vscode.l10n.t("Relation Lens subjects");
    this.item.text = text;
    if (detail !== undefined) this.item.detail = detail;
    this.item.command = {
      command: "relationLens.chooseSubjects",
      title: vscode.l10n.t("Choose Subjects…"),
      arguments: [uri],
    };
  }
}
