import { basename } from "node:path";
import * as vscode from "vscode";
import type { SubjectList, Subjects, SubjectsOffer } from "../../protocol/engine";
import { readingItems } from "./readingItems";
import { group, type SubjectItem } from "./subjectItem";

/**
 * All sources, the likely ones first.
 * @param file that lacks them
 */
export function subjectItems(file: string, offer: SubjectsOffer, current: Subjects | undefined): SubjectItem[] {
  const needsPrompts = offer.lacks === "templates";
  const item = (list: SubjectList) => listItem(list, current, needsPrompts);
  const isNamesake = ({ name }: SubjectList) => name === offer.namesake;
  const kinds = [...new Set(offer.collection.map(({ kind }) => kind ?? null))];
  return [
    ...(offer.own > 0 ? [ownItem(file, offer, current)] : []),
    ...group(vscode.l10n.t("beside this file"), offer.beside === null ? [] : [item(offer.beside)]),
    ...group(vscode.l10n.t("of the same name"), offer.collection.filter(isNamesake).map(item)),
    ...readingItems(offer),
    ...group(vscode.l10n.t("in this workspace"), offer.files.map(item)),
    ...kinds.flatMap((kind) =>
      group(
        kindName(kind),
        offer.collection.filter((list) => (list.kind ?? null) === kind && !isNamesake(list)).map(item),
      ),
    ),
  ];
}

/** Of the built-in collection. */
function kindName(kind: string | null): string {
  switch (kind) {
    case "linguistic":
      return vscode.l10n.t("built-in, of words");
    case "factual":
      return vscode.l10n.t("built-in, of facts");
    case "commonsense":
      return vscode.l10n.t("built-in, of common sense");
    default:
      return vscode.l10n.t("built-in");
  }
}

function ownItem(file: string, { own, lacks }: SubjectsOffer, current: Subjects | undefined): SubjectItem {
  const subjects: Subjects = { kind: "file", file };
  return {
    label: vscode.l10n.t("The File's Own Samples"),
    description: described(own, current === undefined ? lacks === null : isSame(subjects, current)),
    choose: () => Promise.resolve({ subjects }),
  };
}

function listItem(list: SubjectList, current: Subjects | undefined, needsPrompts: boolean): SubjectItem {
  const { name, file, count, examples, template } = list;
  const subjects: Subjects = file === undefined ? { kind: "collection", name } : { kind: "file", file };
  const pairs = examples.map(({ subject, object }) => (object === undefined ? subject : `${subject} → ${object}`));
  const detail = needsPrompts ? template : pairs.join(", ");
  return {
    label: file === undefined ? name : basename(file),
    description: described(count, isSame(subjects, current)),
    ...(detail !== null && { detail }),
    choose: () => Promise.resolve({ subjects }),
  };
}

function described(count: number, chosen: boolean): string {
  const samples = count === 1 ? vscode.l10n.t("1 subject") : vscode.l10n.t("{0} subjects", count);
  return chosen ? vscode.l10n.t("{0} · chosen", samples) : samples;
}

function isSame(a: Subjects, b: Subjects | undefined): boolean {
  if (a.kind === "file") return b?.kind === "file" && a.file === b.file;
  return a.kind === "collection" && b?.kind === "collection" && a.name === b.name;
}

/** What a list, a tooltip or a status calls them. */
export function subjectsName(subjects: Subjects): string {
  switch (subjects.kind) {
    case "file":
      return basename(subjects.file);
    case "collection":
      return vscode.l10n.t("{0} (built-in)", subjects.name);
    case "samples":
      return subjects.samples.map(({ subject }) => subject).join(", ");
  }
}
