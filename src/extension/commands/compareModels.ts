import * as vscode from "vscode";
import { modelName } from "../settings";
import { analyzeInPanel } from "./analyze";
import type { CommandContext } from "./commands";
import { heading, pickModel, recentChoice } from "./pickModel";
import { relationArgument } from "./relationArgument";

type Context = Pick<CommandContext, "engine" | "runs" | "panel" | "recentModels" | "comparedModels">;

/** Analyses a relation in the chosen model and in a second one, which is picked from a list unless it is named. */
export async function compareModels(argument: unknown, second: unknown, context: Context): Promise<void> {
  const uri = relationArgument(argument, context.panel);
  if (uri === null) return;
  const compare = typeof second === "string" && second !== "" ? second : await pickSecond(uri, context);
  if (compare === null) return;
  await context.comparedModels.add(compare);
  await analyzeInPanel(uri, { compare }, context);
}

/** Those that were compared before come first, the last of them on top. */
function pickSecond(uri: vscode.Uri, context: Context): Promise<string | null> {
  const before = context.comparedModels.list().map(recentChoice);
  return pickModel<null>(context, {
    title: vscode.l10n.t("Relation Lens: Compare Models on This Relation"),
    placeHolder: vscode.l10n.t("The second model, to compare {0} with", modelName(uri)),
    first: before.length === 0 ? [] : [heading(vscode.l10n.t("compared before")), ...before],
  });
}
