import * as vscode from "vscode";
import type { CommandContext } from "../commands/commands";
import { analyzeInPanel } from "../commands/analyze";
import { firstSample, sampleOfWorkspace } from "./samples";

/** Analyses the first sample: the workspace's, else the one that ships with the extension, so that it always works. */
export async function analyzeSample(
  extension: vscode.Uri,
  context: Pick<CommandContext, "runs" | "panel">,
): Promise<void> {
  const uri = (await sampleOfWorkspace()) ?? vscode.Uri.joinPath(extension, "samples", firstSample);
  await analyzeInPanel(uri, {}, context);
}
