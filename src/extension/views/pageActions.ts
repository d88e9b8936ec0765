import * as vscode from "vscode";
import type { FromPage, FromPanel } from "../../protocol/panel";
import { savePicture, saveText } from "./exports";

/** What a person does in a page and every page does alike. */
type PageAction = Extract<
  FromPanel | FromPage,
  { readonly type: "openFile" | "saveText" | "savePicture" | "copy" | "showLog" }
>;

export interface PagePlace {
  /** Files are proposed beside it. */
  readonly file: string;
  /** The page's own column, which an opened file does not cover. */
  readonly column: vscode.ViewColumn | undefined;
  readonly log: vscode.LogOutputChannel;
}

export async function perform(action: PageAction, { file, column, log }: PagePlace): Promise<void> {
  switch (action.type) {
    case "openFile":
      await openFile(action, column);
      break;
    case "saveText":
      await saveText(action.name, action.text, file);
      break;
    case "savePicture":
      await savePicture(action.name, action.dataUrl, file);
      break;
    case "copy":
      await vscode.env.clipboard.writeText(action.text);
      break;
    case "showLog":
      log.show();
      break;
  }
}

async function openFile(
  { file, line }: Extract<PageAction, { type: "openFile" }>,
  column: vscode.ViewColumn | undefined,
): Promise<void> {
  const uri = vscode.Uri.file(file);
  const shown = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.fsPath === uri.fsPath);
  const beside = column === vscode.ViewColumn.One ? vscode.ViewColumn.Two : vscode.ViewColumn.One;
  const selection = line === undefined ? {} : { selection: new vscode.Range(line - 1, 0, line - 1, 0) };
  await vscode.window.showTextDocument(uri, { viewColumn: shown?.viewColumn ?? beside, ...selection });
}

/** Says what went wrong with something that a person did. */
export function reportFailure(error: unknown, log: vscode.LogOutputChannel): void {
  const message = error instanceof Error ? error.message : String(error);
  log.error(message);
  void vscode.window.showErrorMessage(message);
}
