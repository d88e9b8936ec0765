import * as vscode from "vscode";
import type { ModelDescription } from "../../protocol/engine";
import type { ModelNode, ModelTreeNode } from "./modelNode";

type Detail = Extract<ModelTreeNode, { readonly kind: "detail" }>;

/** What the loader found in a model, a line each, and its checks. */
export function modelDetails({ group, value, description }: ModelNode): Detail[] {
  if (description === null) return [];
  const lines: Omit<Detail, "kind" | "id">[] = [
    ...facts(description).map(([label, text]) => ({ label, text, ok: null })),
    ...description.checks.map(({ name, value: found, tolerance, ok }) => ({
      label: name,
      text: vscode.l10n.t("{0} (at most {1})", number(found), number(tolerance)),
      ok,
    })),
    ...description.notes.map((note) => ({ label: vscode.l10n.t("note"), text: note, ok: null })),
  ];
  return lines.map((line, i) => ({ kind: "detail", id: `${group} ${value} ${i}`, ...line }));
}

function facts(description: ModelDescription): readonly (readonly [string, string])[] {
  const { hiddenSize, layers, vocabularySize, dtype, head, hasTokenizer, providerFallback } = description;
  return [
    [vscode.l10n.t("hidden size"), String(hiddenSize)],
    [vscode.l10n.t("layers"), String(layers)],
    [vscode.l10n.t("vocabulary"), vscode.l10n.t("{0} tokens", vocabularySize)],
    [vscode.l10n.t("precision"), dtype],
    [vscode.l10n.t("output projection"), head],
    ...(hasTokenizer ? [] : [[vscode.l10n.t("tokenizer"), vscode.l10n.t("none")] as const]),
    ...(providerFallback === undefined ? [] : [[vscode.l10n.t("runs on the CPU"), providerFallback] as const]),
  ];
}

/** Differences are small: their power of ten is what matters. */
const number = (value: number): string => value.toExponential(1);
