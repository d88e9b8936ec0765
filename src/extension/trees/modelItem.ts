import { basename } from "node:path";
import * as vscode from "vscode";
import { sizeInWords } from "../modelValues";
import { modelDetails } from "./modelDetails";
import type { ModelGroup, ModelNode, ModelTreeNode } from "./modelNode";

/** What the tree shows of models, of their checks, and of ways to more of them. */
export function modelItem(node: ModelTreeNode): vscode.TreeItem {
  switch (node.kind) {
    case "group":
      return groupItem(node.group);
    case "model":
      return oneModel(node);
    case "detail":
      return detailItem(node);
    case "action":
      return actionItem(node.action);
  }
}

export function childrenOf(node: ModelTreeNode): readonly ModelTreeNode[] {
  if (node.kind === "group") return node.models;
  return node.kind === "model" ? modelDetails(node) : [];
}

function groupItem(group: ModelGroup): vscode.TreeItem {
  const labels: Record<ModelGroup, string> = {
    embedded: vscode.l10n.t("Built in"),
    workspace: vscode.l10n.t("In this workspace"),
    recent: vscode.l10n.t("Used before"),
    cache: vscode.l10n.t("In the Hugging Face cache"),
  };
  const item = new vscode.TreeItem(labels[group], vscode.TreeItemCollapsibleState.Expanded);
  item.id = group;
  item.contextValue = "group";
  return item;
}

function oneModel(node: ModelNode): vscode.TreeItem {
  const { group, name, value, description, found } = node;
  const { None, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(name, description === null ? None : Collapsed);
  item.id = `${group} ${value}`;
  item.description = [...marks(node), ...sizes(node)].join(" · ");
  item.tooltip = [name, ...(found === null || group === "embedded" ? [] : [found.location]), item.description]
    .filter((line) => line !== "")
    .join("\n");
  // What can be done with it, for the menus of the manifest.
  item.contextValue = ["model", group, ...(found === null ? [] : ["here"]), ...(node.chosen ? ["chosen"] : [])].join(
    " ",
  );
  item.iconPath = icon(node);
  item.accessibilityInformation = { label: [name, item.description].filter((part) => part !== "").join(", ") };
  return item;
}

function marks({ chosen, loaded }: ModelNode): readonly string[] {
  return [...(chosen ? [vscode.l10n.t("in use")] : []), ...(loaded ? [vscode.l10n.t("loaded")] : [])];
}

function sizes({ found, description }: ModelNode): readonly string[] {
  const width = description?.hiddenSize ?? found?.hiddenSize;
  const files =
    found?.variants.map(({ dtype, file, bytes }) => `${dtype ?? basename(file)} ${sizeInWords(bytes)}`) ?? [];
  return [
    ...(width === undefined ? [] : [vscode.l10n.t("hidden size {0}", width)]),
    ...(files.length === 0 ? [] : [files.join(", ")]),
    ...(description?.checks.some(({ ok }) => !ok) === true ? [vscode.l10n.t("a check failed")] : []),
  ];
}

function icon({ chosen, loaded }: ModelNode): vscode.ThemeIcon {
  if (chosen) return new vscode.ThemeIcon("check", new vscode.ThemeColor("charts.green"));
  return new vscode.ThemeIcon(loaded ? "vm-active" : "package");
}

function detailItem({ id, label, text, ok }: Extract<ModelTreeNode, { kind: "detail" }>): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  item.id = id;
  item.description = text;
  item.tooltip = `${label}: ${text}`;
  const state = ok === null ? "" : ok ? vscode.l10n.t("holds") : vscode.l10n.t("does not hold");
  item.accessibilityInformation = { label: [label, text, state].filter((part) => part !== "").join(", ") };
  item.iconPath =
    ok === null
      ? new vscode.ThemeIcon("blank")
      : ok
        ? new vscode.ThemeIcon("pass", new vscode.ThemeColor("charts.green"))
        : new vscode.ThemeIcon("error", new vscode.ThemeColor("list.errorForeground"));
  return item;
}

function actionItem(action: "look" | "download"): vscode.TreeItem {
  const [label, tooltip, icon, command] =
    action === "look"
      ? [
          vscode.l10n.t("Look for Models on This Machine"),
          vscode.l10n.t(
            "Starts the engine, which looks in the folders of the workspace and in the Hugging Face cache. The list fills by itself once an analysis has run.",
          ),
          "search",
          "relationLens.refreshModels",
        ]
      : [
          vscode.l10n.t("Download from the Hub…"),
          vscode.l10n.t("A model of the Hugging Face Hub that has an ONNX export"),
          "cloud-download",
          "relationLens.downloadModel",
        ];
  const item = new vscode.TreeItem(label);
  item.id = action;
  item.tooltip = tooltip;
  // A screen reader would read the tooltip in the label's place.
  item.accessibilityInformation = { label };
  item.contextValue = "action";
  item.iconPath = new vscode.ThemeIcon(icon);
  item.command = { command, title: label };
  return item;
}
