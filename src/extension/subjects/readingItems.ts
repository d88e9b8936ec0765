import * as vscode from "vscode";
import type { PromptChoice, SubjectsOffer } from "../../protocol/engine";
import { group, type SubjectItem } from "./subjectItem";

/** Which variable is the subject, and which list is read, of a file that leaves the choice. */
export function readingItems({ choices: { slots, lists, read } }: Pick<SubjectsOffer, "choices">): SubjectItem[] {
  return [
    ...group(
      vscode.l10n.t("what takes the subject's place"),
      slots.map((slot) => readingItem({ slot }, slot === read.slot)),
    ),
    ...group(
      vscode.l10n.t("lists of this file"),
      lists.map((list) => readingItem({ list }, list === read.list)),
    ),
  ];
}

function readingItem(choice: PromptChoice, chosen: boolean): SubjectItem {
  return {
    label: readingName(choice),
    ...(chosen && { description: vscode.l10n.t("chosen") }),
    choose: () => Promise.resolve({ choice }),
  };
}

/** What a list or a status calls it. */
export function readingName({ slot, list }: PromptChoice): string {
  return [
    ...(slot === undefined ? [] : [vscode.l10n.t("Variable: {0}", slot)]),
    ...(list === undefined ? [] : [vscode.l10n.t("List: {0}", list)]),
  ].join(" · ");
}
