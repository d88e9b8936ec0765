import { basename, dirname, join } from "node:path";
import * as vscode from "vscode";
import { reportHtml } from "../../formats/reportHtml";
import type { ReportBytes } from "../../protocol/reportBytes";

/**
 * Each asks for a place beside the relation file, writes there, and says nothing where the person declines. A report is
 * written as it came: reading millions of numbers to indent them would hold up the editor.
 */
export async function saveReport(report: ReportBytes, relationFile: string): Promise<void> {
  await save(relationFile, `${reportName(relationFile)}.report.json`, Buffer.concat(report));
}

/** The report of a page, which is small. @param name without extension */
export async function savePageReport(report: object, name: string, beside: string): Promise<void> {
  await save(beside, `${name}.report.json`, Buffer.from(`${JSON.stringify(report, null, 2)}\n`));
}

/** The report with its charts, as one page that opens in any browser. */
export async function saveHtml(report: ReportBytes, relationFile: string): Promise<void> {
  const page = await reportHtml(Buffer.concat(report).toString("utf8"), vscode.env.language);
  await save(relationFile, `${reportName(relationFile)}.report.html`, Buffer.from(page));
}

export async function saveText(name: string, content: string, relationFile: string): Promise<void> {
  await save(relationFile, name, Buffer.from(content));
}

/** @param dataUrl `data:image/…`, base64 or percent-encoded */
export async function savePicture(name: string, dataUrl: string, relationFile: string): Promise<void> {
  const comma = dataUrl.indexOf(",");
  const body = dataUrl.slice(comma + 1);
  const base64 = dataUrl.slice(0, comma).endsWith(";base64");
  await save(relationFile, name, base64 ? Buffer.from(body, "base64") : Buffer.from(decodeURIComponent(body)));
}

/** Where the activations are to go; undefined where the person declines. */
export function askForActivations(relationFile: string): Thenable<vscode.Uri | undefined> {
  return ask(relationFile, `${reportName(relationFile)}.safetensors`);
}

export const reportName = (relationFile: string) => basename(relationFile).replace(/\.relation\.(ya?ml|json)$/i, "");

async function save(relationFile: string, name: string, content: Uint8Array): Promise<void> {
  const target = await ask(relationFile, name);
  if (target !== undefined) await vscode.workspace.fs.writeFile(target, content);
}

function ask(relationFile: string, name: string): Thenable<vscode.Uri | undefined> {
  return vscode.window.showSaveDialog({ defaultUri: vscode.Uri.file(join(dirname(relationFile), basename(name))) });
}
