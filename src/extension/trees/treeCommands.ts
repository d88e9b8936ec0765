import * as vscode from "vscode";
import { chooseModel } from "../commands/chooseModel";
import type { CommandContext } from "../commands/commands";
import { analyzeAll } from "./analyzeAll";
import { compareWith, download, forget, modelArgument, reveal, showChecks, type ModelContext } from "./modelCommands";
import type { ModelNode } from "./modelNode";
import { analyzeSample } from "./sampleAnalysis";
import { openSamples } from "./samples";
import { openWalkthrough } from "./walkthrough";

export interface TreeContext extends ModelContext, Pick<CommandContext, "runs"> {
  readonly extension: vscode.Uri;
  /** Outlives a window. */
  readonly memory: vscode.Memento;
}

/** Commands of the lists of relations and models, and of the walkthrough. */
export function registerTreeCommands(context: TreeContext): vscode.Disposable {
  const { extension, memory, models, runs } = context;
  const onModel = (run: (node: ModelNode) => Promise<void>) => async (argument: unknown) => {
    const node = modelArgument(argument);
    if (node !== null) await run(node);
  };
  const commands: Readonly<Record<string, (argument: unknown) => unknown>> = {
    "relationLens.analyzeAll": () => analyzeAll(runs),
    "relationLens.analyzeSample": () => analyzeSample(extension, context),
    "relationLens.openSamples": () => openSamples(extension, memory),
    "relationLens.openWalkthrough": () => openWalkthrough(),
    "relationLens.refreshModels": () => models.look(),
    "relationLens.downloadModel": () => download(context),
    "relationLens.useModel": onModel(({ value }) => chooseModel(value, context)),
    "relationLens.compareWithModel": onModel((node) => compareWith(node, context)),
    "relationLens.showModelChecks": onModel((node) => showChecks(node, context)),
    "relationLens.revealModel": onModel((node) => reveal(node)),
    "relationLens.forgetModel": onModel((node) => forget(node, context)),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, run]) => vscode.commands.registerCommand(name, run)),
  );
}
