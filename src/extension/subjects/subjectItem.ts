import * as vscode from "vscode";
import type { AnalyzeParams } from "../../protocol/engine";

/** What a person may choose of how a file is analysed: its subjects, or how it is read. */
export type Chosen = Pick<AnalyzeParams, "subjects" | "choice">;

/** An entry of a list; `choose` may ask for more, and gives null where nothing was chosen. */
export interface SubjectItem extends vscode.QuickPickItem {
  readonly choose?: () => Promise<Chosen | null>;
}

export function group(label: string, items: readonly SubjectItem[]): SubjectItem[] {
  return items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
}
