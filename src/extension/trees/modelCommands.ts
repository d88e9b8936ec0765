import * as vscode from "vscode";
import type { ModelDescription } from "../../protocol/engine";
import type { CommandContext } from "../commands/commands";
import { fromHub } from "../commands/pickModel";
import { showProblems } from "../commands/showProblems";
import type { Ended } from "../engineJobs";
import { analyzeSettings, modelLocation, setModel } from "../settings";
import { pickRelation } from "./pickRelation";
import type { ModelNode } from "./modelNode";
import type { ModelsTree } from "./modelsTree";

export interface ModelContext extends Pick<
  CommandContext,
  "engine" | "jobs" | "recentModels" | "comparedModels" | "panel"
> {
  readonly models: ModelsTree;
}

/** The model that a menu of the list is about. */
export function modelArgument(argument: unknown): ModelNode | null {
  const isModel = typeof argument === "object" && argument !== null && "kind" in argument && argument.kind === "model";
  return isModel ? (argument as ModelNode) : null;
}

/** Analyses a relation in the model in use and in this one. */
export async function compareWith(node: ModelNode, { panel }: Pick<ModelContext, "panel">): Promise<void> {
  const uri = await pickRelation(panel, vscode.l10n.t("The relation to compare {0} on", node.name));
  if (uri !== null) await vscode.commands.executeCommand("relationLens.compareModels", uri, node.value);
}

/** What the loader finds in the model, below it in the list. */
export async function showChecks(node: ModelNode, context: ModelContext): Promise<void> {
  const ended = await describe(node.value, vscode.l10n.t("Checking {0}", node.name), context);
  if (ended.type === "problems") showProblems(ended.problems);
  if (ended.type === "done") await context.models.describe(node, ended.value);
}

/** Asks for a model of the hub, and fetches it now rather than with the next analysis. */
export async function download(context: ModelContext): Promise<void> {
  const model = await fromHub(context);
  if (model === null) return;
  const ended = await describe(model, vscode.l10n.t("Downloading {0}", model), context);
  if (ended.type === "problems") showProblems(ended.problems);
  if (ended.type !== "done") return;
  await context.recentModels.add(model);
  context.models.refresh();
  const use = vscode.l10n.t("Use It");
  const { hiddenSize, layers, dtype } = ended.value;
  const said = vscode.l10n.t("{0} is here: hidden size {1}, {2} layers, {3}.", model, hiddenSize, layers, dtype);
  if ((await vscode.window.showInformationMessage(said, use)) === use) await setModel(model);
}

export async function reveal({ found }: ModelNode): Promise<void> {
  if (found === null) return;
  const uri = vscode.Uri.file(found.location);
  const inside = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  await vscode.commands.executeCommand(inside ? "revealInExplorer" : "revealFileInOS", uri);
}

/** Takes a model off the list of those used before; its files stay. */
export async function forget(node: ModelNode, { recentModels, comparedModels, models }: ModelContext): Promise<void> {
  await recentModels.remove(node.value);
  await comparedModels.remove(node.value);
  models.refresh();
}

async function describe(
  model: string,
  title: string,
  { engine, jobs }: Pick<ModelContext, "engine" | "jobs">,
): Promise<Ended<ModelDescription>> {
  const base = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file("/");
  const { provider, threads } = analyzeSettings(base);
  const params = {
    model: modelLocation(model, base),
    ...(provider !== undefined && { provider }),
    ...(threads !== undefined && { threads }),
  };
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (notification, cancelled) => {
      let shown = 0;
      return jobs.run<ModelDescription>({
        onStart: () => cancelled.onCancellationRequested(() => jobs.cancel()),
        ask: (token, fraction) =>
          engine.model(params, token, (progress) => {
            fraction(progress.fraction);
            notification.report({ message: progress.detail, increment: 100 * (progress.fraction - shown) });
            shown = progress.fraction;
          }),
      });
    },
  );
}
