import { basename, isAbsolute, join, relative, sep } from "node:path";
import * as vscode from "vscode";
import type { AvailableModel, ModelVariant } from "../../protocol/engine";
import { describeProblem } from "../../protocol/problem";
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
  const outcome = await context.engine.models({ workspaceFolders: folders() });
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
    ...group(vscode.l10n.t("in this workspace"), from("workspace")),
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

/** A heading in a list. */
export const heading = (label: string) => ({ label, kind: vscode.QuickPickItemKind.Separator }) as const;

const folders = () => (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);

/** @param current value of the setting */
function modelChoice(model: AvailableModel, current: unknown): Choice<never> {
  const sizes = model.variants.map(({ dtype, file, bytes }) => `${dtype ?? basename(file)} ${size(bytes)}`).join(", ");
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
    description: size(variant.bytes),
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

async function fromHub({ engine }: Context): Promise<string | null> {
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

function settingValue(model: AvailableModel): string {
  return isNamed(model) ? model.id : asSetting(model.location);
}

function variantValue(model: AvailableModel, { dtype, file }: ModelVariant): string {
  return isNamed(model) && model.origin !== "embedded"
    ? `${model.id}${dtype === null ? "" : `:${dtype}`}`
    : asSetting(join(model.location, ...file.split("/")));
}

/** Whether the engine finds the model by its id: a name stays right when the cache gets another snapshot. */
function isNamed({ origin, id }: AvailableModel): boolean {
  return origin === "embedded" || origin === "hub" || (origin === "cache" && isHubId(id));
}

/** Relative, with `/`, in the only folder of a workspace, so that the setting can be shared. */
export function asSetting(path: string): string {
  const [folder, another] = folders();
  if (folder === undefined || another !== undefined || !vscode.workspace.isTrusted) return path;
  const inside = relative(folder, path);
  return inside === "" || inside.startsWith("..") || isAbsolute(inside) ? path : inside.split(sep).join("/");
}

function size(bytes: number): string {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
