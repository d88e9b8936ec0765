import * as vscode from "vscode";
import type { Fix, FixKind } from "../../formats/editing/fix";

const titles: Readonly<Record<FixKind, (first: string, second: string) => string>> = {
  writeSlot: (slot) => vscode.l10n.t("Write {0} instead of {1}", "{}", slot),
  subjectToSlot: (subject) => vscode.l10n.t("Write {0} instead of “{1}”", "{}", subject),
  appendSlot: () => vscode.l10n.t("Add {0} at the end", "{}"),
  keepFirstSlot: () => vscode.l10n.t("Keep the first {0} only", "{}"),
  trim: () => vscode.l10n.t("Remove the spaces"),
  quote: (text) => vscode.l10n.t("Write {0}", text),
  quoteTemplate: () => vscode.l10n.t("Put quotes around the template"),
  renameKey: (key) => vscode.l10n.t("Rename to “{0}”", key),
  removeKey: (key) => vscode.l10n.t("Remove “{0}”", key),
  removeTemplate: () => vscode.l10n.t("Remove this template"),
  removeSample: () => vscode.l10n.t("Remove this sample"),
  removePair: () => vscode.l10n.t("Remove this pair"),
  removeEntry: (key) => vscode.l10n.t("Remove “{0}”", key),
  wrapInList: () => vscode.l10n.t("Make it a list"),
  addSample: () => vscode.l10n.t("Add a sample"),
  addFromCollection: (count, relation) =>
    vscode.l10n.t("Add {0} samples of the built-in relation “{1}”", count, relation),
  addTemplate: () => vscode.l10n.t("Add a template"),
};

export function fixTitle({ kind, words: [first = "", second = ""] }: Fix): string {
  return titles[kind](first, second);
}
