import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { csvText } from "../formats/exports/csv";
import { reportLatex } from "../formats/exports/latex";
import { reportMarkdown } from "../formats/exports/markdown";
import { reportTables } from "../formats/exports/reportTables";
import type { Report } from "../protocol/report";
import { UsageError, type Io } from "./io";
import { checkOutputFile, checkOutputFolder, writeOutputFile } from "./outputFile";

/** Options that write a report in other forms than JSON. */
export const exportOptions = { csv: "value", latex: "value", markdown: "value" } as const;

type ExportOption = keyof typeof exportOptions;
export type ReportExports = Readonly<Record<ExportOption, string | null>>;

const of: Readonly<Record<ExportOption, { readonly what: string; readonly such: string }>> = {
  csv: { what: "tables", such: "a folder, such as tables" },
  latex: { what: "a table", such: "a file, such as table.tex" },
  markdown: { what: "a text", such: "a file, such as report.md" },
};
const names = ["csv", "latex", "markdown"] as const;

/** @param relations that are named on the command line @throws UsageError */
export function readExports(values: ReadonlyMap<string, string>, relations: number): ReportExports {
  const paths = { csv: values.get("csv"), latex: values.get("latex"), markdown: values.get("markdown") };
  for (const name of names) {
    if (paths[name] === undefined) continue;
    const { what, such } = of[name];
    if (relations > 1) throw new UsageError(`--${name} writes ${what} of one relation.`, "Name one relation file.");
    if (paths[name] === "-") throw new UsageError(`--${name} writes ${what}, not to standard output.`, `Name ${such}.`);
  }
  return { csv: paths.csv ?? null, latex: paths.latex ?? null, markdown: paths.markdown ?? null };
}

/** Before any work is done. @throws UsageError */
export async function checkExports(exports: ReportExports, inputs: readonly string[], cwd: string): Promise<void> {
  if (exports.csv !== null) await checkOutputFolder("--csv", exports.csv, cwd);
  for (const name of ["latex", "markdown"] as const) {
    const path = exports[name];
    if (path !== null) await checkOutputFile(`--${name}`, path, inputs, cwd);
  }
}

/** @throws UsageError */
export async function writeExports({ csv, latex, markdown }: ReportExports, report: Report, io: Io): Promise<void> {
  if (csv !== null) await writeTables(csv, report, io);
  if (latex !== null) {
    await writeOutputFile("--latex", latex, reportLatex(report), io.cwd);
    await io.err.write(`LaTeX table written to ${latex}\n`);
  }
  if (markdown !== null) {
    await writeOutputFile("--markdown", markdown, reportMarkdown(report), io.cwd);
    await io.err.write(`Markdown written to ${markdown}\n`);
  }
}

async function writeTables(folder: string, report: Report, io: Io): Promise<void> {
  const tables = reportTables(report);
  await mkdir(resolve(io.cwd, folder), { recursive: true }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--csv ${folder} could not be made: ${reason}.`, "Name another folder.");
  });
  for (const table of tables) {
    await writeOutputFile("--csv", join(folder, `${table.name}.csv`), csvText(table), io.cwd);
  }
  await io.err.write(`${tables.length} tables written to ${folder}\n`);
}
