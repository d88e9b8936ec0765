import { stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join } from "node:path";
import type * as vscode from "vscode";
import { modelFingerprint, textSha256 } from "../../formats/fingerprint";
import { readTextFile } from "../../formats/readTextFile";
import { readReportHead, type ReportHead } from "../../formats/reportHead";

/** A `*.report.json` file of the workspace. */
export interface SavedReport {
  readonly uri: vscode.Uri;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** Null where the file is no report. */
  readonly head: ReportHead | null;
  /** Null where the report is about no single relation. */
  readonly relationFile: string | null;
  readonly relation: Since;
  readonly model: Since;
}

/** What became of a file since the report was made; `unknown` where the report does not say enough. */
export type Since = "same" | "changed" | "gone" | "unknown";

/** Reads what a list says of a report: its head, and the files that it was made from. */
export async function savedReport(uri: vscode.Uri): Promise<SavedReport | null> {
  const modified = await modifiedAt(uri.fsPath);
  if (modified === null) return null;
  const head = await readReportHead(uri.fsPath);
  if (head?.kind !== "report") {
    return { uri, modified, head, relationFile: null, relation: "unknown", model: "unknown" };
  }
  const { file, relation } = await relationSince(head.relation, uri.fsPath, modified);
  return { uri, modified, head, relationFile: file, relation, model: await modelSince(head.model, modified) };
}

/**
 * The relation file of a report: where it was, else at the same place relative to the report, else beside it, as after
 * a folder was moved.
 */
export async function relationFileOf(file: string, report: string): Promise<string | null> {
  const beside = dirname(report);
  const places = [...(isAbsolute(file) ? [file] : [join(beside, file)]), join(beside, basename(file))];
  for (const place of places) if ((await modifiedAt(place)) !== null) return place;
  return null;
}

type FromReport = Extract<ReportHead, { readonly kind: "report" }>;

async function relationSince(
  { file: named, sha256 }: FromReport["relation"],
  report: string,
  made: number,
): Promise<{ file: string; relation: Since }> {
  const file = await relationFileOf(named, report);
  if (file === null) return { file: named, relation: "gone" };
  if (sha256 === undefined) return { file, relation: await changedAfter(file, made) };
  const { text } = await readTextFile(file);
  return { file, relation: text !== null && textSha256(text) === sha256 ? "same" : "changed" };
}

/** A model may be on another machine, so one that is not there tells nothing. */
async function modelSince({ file, fingerprint }: FromReport["model"], made: number): Promise<Since> {
  if (file === undefined || (await modifiedAt(file)) === null) return "unknown";
  if (fingerprint === undefined || fingerprint === null) return changedAfter(file, made);
  return (await modelFingerprint(file)) === fingerprint ? "same" : "changed";
}

async function changedAfter(file: string, made: number): Promise<Since> {
  return ((await modifiedAt(file)) ?? 0) > made ? "changed" : "same";
}

/** Null for what is not a regular file: opening a pipe would wait for a writer. */
async function modifiedAt(file: string): Promise<number | null> {
  try {
    const found = await stat(file);
    return found.isFile() ? found.mtimeMs : null;
  } catch {
    return null;
  }
}
