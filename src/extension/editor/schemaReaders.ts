import * as vscode from "vscode";

/** Whether keys are completed and explained from the schema already: in JSON by the editor, in YAML by an extension. */
export function readsSchema({ languageId }: vscode.TextDocument): boolean {
  if (languageId === "json" || languageId === "jsonc") return true;
  return languageId === "yaml" && vscode.extensions.getExtension("redhat.vscode-yaml") !== undefined;
}
