import { homedir } from "node:os";
import { basename, join } from "node:path";
import * as vscode from "vscode";
import type { WrittenTwin } from "../../protocol/engine";
import type { Ended } from "../engineJobs";
import { analyzeSettings, modelLocation, modelName } from "../settings";
import type { CommandContext } from "./commands";
import { pickModel } from "./pickModel";
import { offerTwin } from "./offerTwin";
import { showProblems } from "./showProblems";

/** Of the change of basis: what the twin test uses, too. */
const condition = 100;
const largestHiddenSize = 65_536;

interface Wanted {
  /** As it stands in the setting; undefined for the model of the settings. */
  readonly model: string | undefined;
  readonly out: string;
  readonly hiddenSize?: number;
}

/** Writes a model with the same next-token distribution in other coordinates, where a person says. */
export async function makeTwin(context: CommandContext): Promise<void> {
  const wanted = await ask(context);
  if (wanted === null) return;
  const ended = await write(wanted, context);
  if (ended.type === "problems") showProblems(ended.problems);
  if (ended.type === "done") await offerTwin(ended.value, wanted.model, context);
}

/** @returns null where the person gives up */
async function ask(context: CommandContext): Promise<Wanted | null> {
  const title = vscode.l10n.t("Relation Lens: Make an Equivalent Twin");
  const base = workspaceFolder();
  const current = modelName(base);
  const model = await pickModel<undefined>(context, {
    title,
    placeHolder: vscode.l10n.t("The model to make a twin of"),
    first: [
      {
        label: current,
        description: vscode.l10n.t("the model that relations are analysed with"),
        choose: () => Promise.resolve(undefined),
      },
    ],
  });
  if (model === null) return null;
  const size = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t("Hidden size of the twin, at least that of the model; empty for the same"),
    validateInput: (text) => (hiddenSize(text) === null ? vscode.l10n.t("Write a whole number, or nothing.") : null),
  });
  const parsed = size === undefined ? null : hiddenSize(size);
  if (parsed === null) return null;
  const name = `${basename(model ?? current).replace(/\.onnx$/, "")}-twin`;
  const target = await vscode.window.showSaveDialog({
    title,
    saveLabel: vscode.l10n.t("Write the Twin"),
    defaultUri: vscode.Uri.file(join(base?.fsPath ?? homedir(), name)),
  });
  if (target === undefined) return null;
  return { model, out: target.fsPath, ...(parsed !== "same" && { hiddenSize: parsed }) };
}

/** @returns null where the text is no size */
function hiddenSize(text: string): number | "same" | null {
  if (text.trim() === "") return "same";
  const size = /^\s*\d+\s*$/.test(text) ? Number(text) : 0;
  return size > 0 && size <= largestHiddenSize ? size : null;
}

async function write(
  { model, out, hiddenSize: size }: Wanted,
  { engine, jobs }: Pick<CommandContext, "engine" | "jobs">,
): Promise<Ended<WrittenTwin>> {
  const base = workspaceFolder() ?? vscode.Uri.file(out);
  const settings = analyzeSettings(base);
  const params = {
    model: model === undefined ? settings.model : modelLocation(model, base),
    out,
    ...(size !== undefined && { hiddenSize: size }),
    condition,
    seed: settings.seed,
  };
  return vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t("Writing an equivalent twin"),
      cancellable: true,
    },
    (notification, cancelled) => {
      let shown = 0;
      return jobs.run<WrittenTwin>({
        onStart: () => cancelled.onCancellationRequested(() => jobs.cancel()),
        ask: (token, fraction) =>
          engine.writeTwin(params, token, (progress) => {
            fraction(progress.fraction);
            notification.report({ message: progress.detail, increment: 100 * (progress.fraction - shown) });
            shown = progress.fraction;
          }),
      });
    },
  );
}

const workspaceFolder = () => vscode.workspace.workspaceFolders?.[0]?.uri;
