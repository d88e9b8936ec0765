import * as vscode from "vscode";
import { readReportHead } from "../../formats/reportHead";
import { relationFileOf, savedReport } from "../reports/savedReport";
import type { CommandContext } from "./commands";
import { pickReports } from "./pickReports";
import { selectedUris } from "./relationArgument";
import { showProblems } from "./showProblems";

type Context = Pick<CommandContext, "runs" | "panel" | "relations" | "simulation">;

/** Shows a saved report as it was when it was saved, without its model. */
export async function openReport(argument: unknown, context: Context): Promise<void> {
  const [file] = await fileToOpen(argument);
  if (file === undefined) return;
  const head = await readReportHead(file.fsPath);
  if (head === null) {
    void vscode.window.showErrorMessage(notAReport(file));
    return;
  }
  const about = await relationUri(file, head.kind === "report" ? head.relation.file : null);
  const models = head.kind === "report" && head.compare !== null ? { compare: head.compare } : {};
  const ended = await context.runs.openReport(file, about, models);
  if (ended.type === "problems") showProblems(ended.problems);
  if (ended.type !== "done") return;
  const { value } = ended;
  if (value.kind === "report") {
    context.panel.show(about, vscode.ViewColumn.Active);
    if ((await savedReport(file))?.relation === "changed") context.panel.markStale();
  } else if (value.kind === "relations") context.relations.open(value.report);
  else context.simulation.openReport(value.report);
}

async function fileToOpen(argument: unknown): Promise<readonly vscode.Uri[]> {
  const given = selectedUris(argument, undefined);
  return given.length > 0 ? given : ((await pickReports(vscode.l10n.t("Relation Lens: Open Report"), 1)) ?? []);
}

/** The relation file of a report, where it is now; where it was, if it is nowhere. */
export async function relationUri(report: vscode.Uri, named: string | null): Promise<vscode.Uri> {
  if (named === null) return report;
  return vscode.Uri.file((await relationFileOf(named, report.fsPath)) ?? named);
}

export function notAReport(file: vscode.Uri): string {
  return vscode.l10n.t(
    "{0} is not a report of Relation Lens. Choose a file that Save Report or `relation-lens analyze --out` wrote.",
    vscode.workspace.asRelativePath(file),
  );
}
