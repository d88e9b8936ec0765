import * as vscode from "vscode";
import { readReportHead } from "../../formats/reportHead";
import type { CommandContext } from "./commands";
import { notAReport, relationUri } from "./openReport";
import { pickReports } from "./pickReports";
import { selectedUris } from "./relationArgument";

/** Compares two saved reports on one relation, those selected or those that a person picks, without their models. */
export async function compareReports(
  argument: unknown,
  selection: unknown,
  { runs, panel }: Pick<CommandContext, "runs" | "panel">,
): Promise<void> {
  const selected = selectedUris(argument, selection);
  if (selected.length > 2) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t("Choose two reports to compare them; {0} are selected.", selected.length),
    );
    return;
  }
  const title = vscode.l10n.t("Relation Lens: Compare Two Saved Reports");
  const [left, right] = (await pickReports(title, 2, selected)) ?? [];
  if (left === undefined || right === undefined) return;
  const heads = await Promise.all(
    [left, right].map(async (file) => ({ file, head: await readReportHead(file.fsPath) })),
  );
  const wrong = heads.find(({ head }) => head?.kind !== "report");
  if (wrong !== undefined) {
    void vscode.window.showErrorMessage(
      wrong.head === null
        ? notAReport(wrong.file)
        : vscode.l10n.t(
            "{0} is not about one relation. Choose two reports that Analyze Relation made.",
            vscode.workspace.asRelativePath(wrong.file),
          ),
    );
    return;
  }
  const [{ head } = { head: null }] = heads;
  const uri = await relationUri(left, head?.kind === "report" ? head.relation.file : null);
  const end = runs.compareReports(left, right, uri);
  panel.show(uri, vscode.ViewColumn.Active);
  await end;
}
