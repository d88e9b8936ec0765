import * as vscode from "vscode";
import { setModel } from "../settings";
import type { CommandContext } from "./commands";
import { pickModel } from "./pickModel";

/** Writes the setting `relationLens.model`, to the model named or to one that is picked from a list. */
export async function chooseModel(
  argument: unknown,
  context: Pick<CommandContext, "engine" | "recentModels">,
): Promise<void> {
  const model = typeof argument === "string" && argument !== "" ? argument : await pick(context);
  if (model === null) return;
  await setModel(model);
  if (model !== undefined) await context.recentModels.add(model);
}

/** @returns null where nothing was chosen; undefined takes the setting away */
function pick(context: Pick<CommandContext, "engine" | "recentModels">): Promise<string | null | undefined> {
  return pickModel(context, {
    title: vscode.l10n.t("Relation Lens: Choose Model"),
    placeHolder: vscode.l10n.t("The model that relations are analysed with"),
    first: [
      {
        label: vscode.l10n.t("Default"),
        description: vscode.l10n.t("the model that a relation file names, else the embedded one"),
        choose: () => Promise.resolve(undefined),
      },
    ],
  });
}
