import { basename } from "node:path";
import * as vscode from "vscode";
import type { AvailableModel } from "../../protocol/engine";
import { describeProblem } from "../../protocol/problem";
import { asSetting, settingValue, sizeInWords, variantValue, workspaceFolders } from "../modelValues";
import { isHubId } from "../settings";
import type { CommandContext } from "./commands";

/** What a person may pick: a model, as it stands in the setting, or a way to one; `T` for what else a list offers. */
export interface Choice<T> extends vscode.QuickPickItem {
  readonly choose?: () => Promise<string | null | T>;
}

type Context = Pick<CommandContext, "engine" | "recentModels">;

export interface ModelQuestion<T> {
  readonly title: string;
  readonly placeHolder: string;
  /** Above the models. */
  readonly first: readonly Choice<T>[];
}

/** @returns null where nothing was chosen */
export async function pickModel<T>(
  context: Context,
  { title, placeHolder, first }: ModelQuestion<T>,
): Promise<string | null | T> {
  const chosen = await vscode.window.showQuickPick<Choice<T>>(choices(context, first), {
    title,
    placeHolder,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen?.choose === undefined ? null : chosen.choose();
}

async function choices<T>(context: Context, first: readonly Choice<T>[]): Promise<Choice<T>[]> {
  const outcome = await context.engine.models({ workspaceFolders: workspaceFolders() });
  const models = outcome?.ok === true ? outcome.value : [];
  const current = vscode.workspace.getConfiguration("relationLens").get<unknown>("model");
  const listed = new Set(models.map(settingValue));
  const recent = context.recentModels.list().filter((model) => !listed.has(model));
  const group = (label: string, items: readonly Choice<T>[]): Choice<T>[] =>
    items.length === 0 ? [] : [heading(label), ...items];
  const from = (origin: AvailableModel["origin"]) =>
    models.filter((m) => m.origin === origin).map((m) => modelChoice(m, current));
  return [
    ...first,
    ...group(vscode.l10n.t("embedded"), from("embedded")),
    ...group(vscode.l10n.t("in this workspace"), vscode.workspace.isTrusted ? from("workspace") : [trustFirst]),
    ...group(vscode.l10n.t("recent"), recent.map(recentChoice)),
    ...group(vscode.l10n.t("in the Hugging Face cache"), from("cache")),
    ...group(vscode.l10n.t("others"), [
      { label: vscode.l10n.t("Browse…"), description: vscode.l10n.t("a folder with an ONNX export"), choose: browse },
      {
        label: vscode.l10n.t("From the Hugging Face Hub…"),
        description: vscode.l10n.t("downloaded with the next analysis"),
        choose: () => fromHub(context),
      },
    ]),
  ];
}

const trustFirst: Choice<never> = {
  label: `$(workspace-untrusted) ${vscode.l10n.t("Trust This Folder…")}`,
  description: vscode.l10n.t("to use the models that lie in it"),
  choose: async () => {
    await vscode.commands.executeCommand("workbench.trust.manage");
    return null;
  },
};

/** A heading in a list. */
export const heading = (label: string) => ({ label, kind: vscode.QuickPickItemKind.Separator }) as const;

/** @param current value of the setting */
function modelChoice(model: AvailableModel, current: unknown): Choice<never> {
  const sizes = model.variants
    .map(({ dtype, file, bytes }) => `${dtype ?? basename(file)} ${sizeInWords(bytes)}`)
    .join(", ");
  const chosen = [settingValue(model), ...model.variants.map((variant) => variantValue(model, variant))];
  return {
    label: model.id,
    description: chosen.some((value) => value === current) ? vscode.l10n.t("{0} · chosen", sizes) : sizes,
    ...(model.origin === "embedded" ? {} : { detail: asSetting(model.location) }),
    choose: () => pickVariant(model),
  };
}

export function recentChoice(model: string): Choice<never> {
  const name = isHubId(model) ? model : basename(model);
  return { label: name, ...(name !== model && { detail: model }), choose: () => Promise.resolve(model) };
}

/** One of several variants; the engine's own choice comes first. */
async function pickVariant(model: AvailableModel): Promise<string | null> {
  if (model.variants.length < 2) return settingValue(model);
  const automatic = {
    label: vscode.l10n.t("Automatic"),
    description: vscode.l10n.t("the most precise one that fits in memory"),
    value: settingValue(model),
  };
  const variants = model.variants.map((variant) => ({
    label: variant.dtype ?? basename(variant.file),
    description: sizeInWords(variant.bytes),
    detail: variant.file,
    value: variantValue(model, variant),
  }));
  const chosen = await vscode.window.showQuickPick([automatic, ...variants], {
    title: vscode.l10n.t("Variant of {0}", model.id),
  });
  return chosen?.value ?? null;
}

async function browse(): Promise<string | null> {
  const [folder] = (await vscode.window.showOpenDialog({ canSelectFolders: true, canSelectFiles: false })) ?? [];
  return folder === undefined ? null : asSetting(folder.fsPath);
}

/** Asks for a model of the hub, and for one of its variants. */
export async function fromHub({ engine }: Pick<Context, "engine">): Promise<string | null> {
  const id = await vscode.window.showInputBox({
    title: vscode.l10n.t("Relation Lens: Choose Model"),
    prompt: vscode.l10n.t("Name of a model on the Hugging Face Hub that has an ONNX export"),
    placeHolder: "owner/name",
    validateInput: (text) => (isHubId(text.trim()) ? null : vscode.l10n.t("Write owner/name.")),
  });
  if (id === undefined) return null;
  const hubId = id.trim();
  if (/:\w+$/.test(hubId)) return hubId;
  const outcome = await engine.models({ workspaceFolders: [], hubId });
  const found = outcome?.ok === true ? outcome.value.find(({ origin }) => origin === "hub") : undefined;
  if (found !== undefined) return pickVariant(found);
  const [problem] = outcome?.problems ?? [];
  if (problem !== undefined) void vscode.window.showErrorMessage(describeProblem(problem));
  return null;
}
