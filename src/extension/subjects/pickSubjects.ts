import { basename } from "node:path";
import * as vscode from "vscode";
import type { Subjects } from "../../protocol/engine";
import { describeProblem } from "../../protocol/problem";
import type { EngineClient } from "../engineClient";
import { unsavedText } from "./subjectChoices";
import { group, type Chosen, type SubjectItem } from "./subjectItem";
import { subjectItems } from "./subjectItems";
import { fewestTyped, parseTyped, writeTyped } from "./typedSubjects";

/** More are no list to choose from. */
const mostFiles = 100;
const patterns = "**/*.{relation.yaml,relation.yml,relation.json,tsv,jsonl}";

/**
 * Lets a person choose where subjects come from, of a list of pairs where its prompts do; and how the file is read.
 * @returns null where nothing was chosen
 */
export async function pickSubjects(
  uri: vscode.Uri,
  { subjects: current, choice }: Chosen,
  engine: Pick<EngineClient, "subjects">,
): Promise<Chosen | null> {
  const others = (await vscode.workspace.findFiles(patterns, "**/node_modules/**", mostFiles))
    .map(({ fsPath }) => fsPath)
    .filter((path) => path !== uri.fsPath)
    .sort();
  const outcome = await engine.subjects({ file: uri.fsPath, ...unsavedText(uri), ...(choice && { choice }), others });
  if (outcome?.ok !== true) {
    const [problem] = outcome?.problems ?? [];
    if (problem !== undefined) void vscode.window.showErrorMessage(describeProblem(problem));
    return null;
  }
  const offer = outcome.value;
  const lists = offer.lacks === "templates";
  const name = basename(uri.fsPath);
  const chosen = await vscode.window.showQuickPick<SubjectItem>(
    [...subjectItems(uri.fsPath, offer, current), ...group(vscode.l10n.t("others"), otherItems(name, current, lists))],
    {
      title: lists ? vscode.l10n.t("Prompts for {0}", name) : vscode.l10n.t("Subjects for {0}", name),
      placeHolder: lists
        ? vscode.l10n.t("The relation whose prompts ask about these pairs")
        : vscode.l10n.t("The words that the prompt is asked about"),
      matchOnDescription: true,
      matchOnDetail: true,
    },
  );
  return chosen?.choose === undefined ? null : chosen.choose();
}

function otherItems(name: string, current: Subjects | undefined, lists: boolean): SubjectItem[] {
  const browsing: SubjectItem = {
    label: vscode.l10n.t("Browse…"),
    description: vscode.l10n.t("a relation file or a list of pairs"),
    choose: browse,
  };
  if (lists) return [browsing];
  const typing: SubjectItem = {
    label: vscode.l10n.t("Type Subjects…"),
    description:
      current?.kind === "samples" ? vscode.l10n.t("{0} · chosen", writeTyped(current.samples)) : "easy, lucky, big",
    choose: () => type(name, current),
  };
  return [typing, browsing];
}

async function type(name: string, current: Subjects | undefined): Promise<Chosen | null> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t("Subjects for {0}", name),
    prompt: vscode.l10n.t(
      "Words with commas between them; where you know the answers, easy => easiest, lucky => luckiest",
    ),
    placeHolder: "easy => easiest, lucky => luckiest, big => biggest",
    ...(current?.kind === "samples" && { value: writeTyped(current.samples) }),
    validateInput: (typed) =>
      parseTyped(typed).length < fewestTyped
        ? vscode.l10n.t("Write at least {0} different subjects; from 20 on, figures settle.", fewestTyped)
        : null,
  });
  return text === undefined ? null : { subjects: { kind: "samples", samples: parseTyped(text) } };
}

async function browse(): Promise<Chosen | null> {
  const [file] = (await vscode.window.showOpenDialog({ canSelectFiles: true, canSelectFolders: false })) ?? [];
  return file === undefined ? null : { subjects: { kind: "file", file: file.fsPath } };
}
