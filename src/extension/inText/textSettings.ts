import * as v from "valibot";
import * as vscode from "vscode";

const schema = v.object({
  codeLens: v.fallback(v.boolean(), true),
  inlayHints: v.fallback(v.picklist(["off", "answers", "all"]), "all"),
  markWrongAnswers: v.fallback(v.boolean(), false),
  analyzeOnSave: v.fallback(v.boolean(), false),
});

export type TextSettings = v.InferOutput<typeof schema>;

const names = Object.keys(schema.entries);

/** What is shown in a file's text; values of a wrong type count as not set. */
export function textSettings(uri: vscode.Uri): TextSettings {
  const configuration = vscode.workspace.getConfiguration("relationLens", uri);
  return v.parse(schema, Object.fromEntries(names.map((name) => [name, configuration.get(name)])));
}

export function onDidChangeTextSettings(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((change) => {
    if (names.some((name) => change.affectsConfiguration(`relationLens.${name}`))) listener();
  });
}
