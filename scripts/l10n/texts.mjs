import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { root } from "../paths.mjs";

/** Every text that the extension host gives to `vscode.l10n.t`, each once, sorted. */
export async function hostTexts(folder = join(root, "src", "extension")) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".ts"));
  const texts = await Promise.all(
    files.map(async ({ parentPath, name }) => textsOf(await readFile(join(parentPath, name), "utf8"), name)),
  );
  return [...new Set(texts.flat())].sort();
}

/**
 * The texts of one file.
 * @throws Error for `l10n.t` of a template with expressions, which no bundle can have
 */
export function textsOf(source, name = "file.ts") {
  const texts = [];
  const visit = (node) => {
    if (ts.isCallExpression(node) && /\bl10n\.t$/.test(node.expression.getText())) {
      const [text] = node.arguments;
      if (ts.isStringLiteralLike(text)) texts.push(text.text);
      else if (ts.isTemplateExpression(text))
        throw new Error(`${name}: ${text.getText()} has expressions; write {0} and give them as arguments.`);
      // Another expression is a text from elsewhere: see docs/languages.md.
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true));
  return texts;
}
