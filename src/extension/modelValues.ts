import { isAbsolute, join, relative, sep } from "node:path";
import * as vscode from "vscode";
import type { AvailableModel, ModelVariant } from "../protocol/engine";
import { isHubId } from "./settings";

/** Paths of the open folders whose models may be used: none in a workspace that is not trusted. */
export const workspaceFolders = (): readonly string[] =>
  vscode.workspace.isTrusted ? (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath) : [];

/** What the setting `relationLens.model` says for a model. */
export function settingValue(model: AvailableModel): string {
  return isNamed(model) ? model.id : asSetting(model.location);
}

/** What it says for one of the files of an export. */
export function variantValue(model: AvailableModel, { dtype, file }: ModelVariant): string {
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
  const [folder, another] = workspaceFolders();
  if (folder === undefined || another !== undefined) return path;
  const inside = relative(folder, path);
  return inside === "" || inside.startsWith("..") || isAbsolute(inside) ? path : inside.split(sep).join("/");
}

/** Of bytes. */
export function sizeInWords(bytes: number): string {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
