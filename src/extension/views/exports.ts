import { basename, dirname, join } from "node:path";
import * as vscode from "vscode";
import { reportHtmlPieces } from "../../formats/reportHtml";
import { writeWhole, type Pieces } from "../../formats/writeWhole";
import type { ReportBytes } from "../../protocol/reportBytes";

/**
 * Each asks for a place beside the relation file, writes there, and says nothing where the person declines. A report is
 * written as it came: reading millions of numbers to indent them would hold up the editor.
 */
export async function saveReport(report: ReportBytes, relationFile: string): Promise<void> {
  await save(relationFile, `${reportName(relationFile)}.report.json`, report);
}

/** The report of a page, which is small. @param name without extension */
export async function savePageReport(report: object, name: string, beside: string): Promise<void> {
  await save(beside, `${name}.report.json`, [`${JSON.stringify(report, null, 2)}\n`]);
}

/**
 * The report with its charts, as one page that opens in any browser.
 *
 * @param assets folder of the drawing code; the one that was built with this where absent
 */
export async function saveHtml(report: ReportBytes, relationFile: string, assets?: string): Promise<void> {
  const page = reportHtmlPieces(report, vscode.env.language, assets);
  await save(relationFile, `${reportName(relationFile)}.report.html`, page);
}

export async function saveText(name: string, content: string, relationFile: string): Promise<void> {
  await save(relationFile, name, [content]);
}

/** @param dataUrl `data:image/…`, base64 or percent-encoded */
export async function savePicture(name: string, dataUrl: string, relationFile: string): Promise<void> {
  const comma = dataUrl.indexOf(",");
  const body = dataUrl.slice(comma + 1);
  const base64 = dataUrl.slice(0, comma).endsWith(";base64");
  await save(relationFile, name, [base64 ? Buffer.from(body, "base64") : decodeURIComponent(body)]);
}

/** Where the activations are to go; undefined where the person declines. */
export function askForActivations(relationFile: string): Thenable<vscode.Uri | undefined> {
  return ask(relationFile, `${reportName(relationFile)}.safetensors`);
}

export const reportName = (relationFile: string) => basename(relationFile).replace(/\.relation\.(ya?ml|json)$/i, "");

async function save(relationFile: string, name: string, content: Pieces): Promise<void> {
  const target = await ask(relationFile, name);
  if (target?.scheme === "file") await writeWhole(target.fsPath, content);
  else if (target !== undefined) await vscode.workspace.fs.writeFile(target, await whole(content));
}

/** What is no place on this machine, the editor writes at once. */
async function whole(content: Pieces): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

function ask(relationFile: string, name: string): Thenable<vscode.Uri | undefined> {
  return vscode.window.showSaveDialog({ defaultUri: vscode.Uri.file(join(dirname(relationFile), basename(name))) });
}
