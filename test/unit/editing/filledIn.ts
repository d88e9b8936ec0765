import type { TextEdit } from "../../../src/formats/editing/textEdit";

/** A snippet with the texts that stand at its tab stops. */
export function filledIn(edit: TextEdit): TextEdit {
  const { start, end } = edit;
  const text = edit.snippet === true ? snippetText(edit.text) : edit.text;
  return { start, end, text };
}

export function snippetText(body: string): string {
  return body.replace(/\$\{\d+:((?:\\.|[^}\\])*)\}|\$\d+/g, "$1").replace(/\\([$}\\])/g, "$1");
}
