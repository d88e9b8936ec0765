import { reportHtml } from "../formats/reportHtml";
import type { Report } from "../protocol/report";
import type { Io } from "./io";
import { writeOutputFile } from "./outputFile";
import { reportText } from "./reportText";

/** The report as one self-contained page. @throws UsageError */
export async function writePage(html: string, report: Report, io: Io): Promise<void> {
  await writeOutputFile("--html", html, await reportHtml(JSON.stringify(report)), io.cwd);
  await io.err.write(`Page written to ${html}\n`);
}

/** @param out `-` for standard output @throws UsageError */
export async function writeReports(out: string, value: unknown, io: Io): Promise<void> {
  if (out === "-") {
    await io.out.write(reportText(value));
    return;
  }
  await writeOutputFile("--out", out, reportText(value), io.cwd);
  await io.err.write(`Report written to ${out}\n`);
}
