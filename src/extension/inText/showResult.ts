import * as vscode from "vscode";
import { analyzeInPanel, showBeside } from "../commands/analyze";
import type { CommandContext } from "../commands/commands";
import type { TextResults } from "./textResults";

type Context = Pick<CommandContext, "runs" | "panel"> & { readonly results: Pick<TextResults, "of"> };

/**
 * Opens the panel at a tab. Of a file that it is not about any more, only what is shown in the text was kept: the
 * analysis runs again.
 */
export async function showResult(argument: unknown, tab: unknown, context: Context): Promise<void> {
  if (!(argument instanceof vscode.Uri)) return;
  const { panel, results } = context;
  const shown = panel.isAbout(argument)
    ? showBeside(argument, panel)
    : analyzeInPanel(argument, results.of(argument)?.models ?? {}, context);
  if (typeof tab === "string") panel.openTab(tab);
  await shown;
}
