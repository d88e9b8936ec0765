import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import * as v from "valibot";
import * as vscode from "vscode";
import { embeddedDefault, executionProviders, type AnalyzeSettings } from "../protocol/engine";
import { sections } from "../protocol/report";

const settingsSchema = v.object({
  model: v.fallback(v.pipe(v.string(), v.trim()), ""),
  seed: v.fallback(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(2 ** 32 - 1)), 0),
  bos: v.fallback(v.picklist(["auto", "always", "never"]), "auto"),
  layers: v.fallback(v.pipe(v.string(), v.trim(), v.regex(/^(all|last|\d+(\s*,\s*\d+)*)$/)), "all"),
  executionProvider: v.fallback(v.picklist(executionProviders), "auto"),
  twins: v.fallback(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1000)), 20),
  jacobian: v.fallback(v.boolean(), false),
  threads: v.fallback(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(256)), 0),
  contexts: v.fallback(v.pipe(v.string(), v.trim()), ""),
});

/** The settings that hold for a relation file; values of a wrong type count as not set. */
export function analyzeSettings(uri: vscode.Uri): AnalyzeSettings {
  const configuration = vscode.workspace.getConfiguration("relationLens", uri);
  const { model, seed, bos, layers, executionProvider, threads, twins, jacobian, contexts } = v.parse(settingsSchema, {
    model: configuration.get("model"),
    seed: configuration.get("seed"),
    bos: configuration.get("bos"),
    layers: configuration.get("layers"),
    executionProvider: configuration.get("executionProvider"),
    threads: configuration.get("threads"),
    twins: configuration.get("twins"),
    jacobian: configuration.get("jacobian"),
    contexts: configuration.get("contexts"),
  });
  return {
    model: model === "" ? modelWithoutSetting() : modelLocation(model, uri),
    seed,
    bos,
    provider: executionProvider,
    threads,
    twins,
    jacobian,
    layers: layers === "all" || layers === "last" ? layers : layers.split(",").map(Number),
    only: sections,
    ...(contexts !== "" && { contexts: inWorkspaceOf(uri, contexts) }),
  };
}

/** In a workspace that is not trusted, the relation file may not choose a model either: the default is named instead. */
function modelWithoutSetting(): string | null {
  return vscode.workspace.isTrusted ? null : embeddedDefault;
}

function inWorkspaceOf(uri: vscode.Uri, path: string): string {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  return isAbsolute(path) || folder === undefined ? path : join(folder.uri.fsPath, path);
}

/** What the status item shows before a report says more. */
export function modelName(uri: vscode.Uri | undefined): string {
  const model = vscode.workspace.getConfiguration("relationLens", uri).get<unknown>("model");
  const name = typeof model === "string" ? model.trim().split(/[\\/]/).filter(Boolean).at(-1) : undefined;
  return name ?? embeddedDefault;
}

/** A folder is relative to the workspace folder of the relation file; the name of an embedded model stays as it is. */
export function modelLocation(model: string, uri: vscode.Uri): string {
  if (model.startsWith("embedded-")) return model;
  const path = inWorkspaceOf(uri, model);
  // What is not in the folder but reads like `owner/name` is a model of the hub.
  // eslint-disable-next-line no-restricted-syntax -- one look at the disk, when an analysis begins
  return isHubId(model) && !existsSync(path) ? model : path;
}

/** `owner/name`, with `@revision` and `:variant` where given; whether there is such a model is for the engine to say. */
export function isHubId(text: string): boolean {
  return /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*(@[\w./-]+)?(:\w+)?$/.test(text) && !text.endsWith(".onnx");
}

/** Writes the setting where it belongs: in the workspace, unless there is none or it is not trusted. */
export async function setModel(model: string | undefined): Promise<void> {
  const { workspaceFolders, isTrusted } = vscode.workspace;
  const target =
    workspaceFolders !== undefined && isTrusted
      ? vscode.ConfigurationTarget.Workspace
      : vscode.ConfigurationTarget.Global;
  await vscode.workspace.getConfiguration("relationLens").update("model", model, target);
}
