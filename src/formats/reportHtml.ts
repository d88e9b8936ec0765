import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ReportBytes } from "../protocol/reportBytes";
import { partsOf } from "./reportParts";

/** The built drawing code: in `dist`, where every bundle lies beside it. */
const builtAssets = join(__dirname, "webview");

/** Characters that would end the element, open a comment, or end a line of script in old parsers. */
const escapes: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

/** JSON that means the same and cannot leave the script element that carries it. */
export function embeddableJson(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (character) => escapes[character] ?? character);
}

/**
 * One page with a report and the code that draws it: opens from a file, asks the network for nothing, and may not.
 *
 * @param json the report, as written to a file
 * @param language of the page, as a code such as `de`; its texts are English where it has no others
 * @param assets folder of `main.js` and `main.css`
 * @throws Error where the drawing code is not there
 */
export async function reportHtml(json: string, language?: string, assets?: string): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of reportHtmlPieces(partsOf(Buffer.from(json)), language, assets)) pieces.push(piece);
  return pieces.join("");
}

/** As `reportHtml`, in pieces, each of which is made in a turn of the event loop of its own. */
export async function* reportHtmlPieces(
  report: ReportBytes,
  language = "en",
  assets: string = builtAssets,
): AsyncGenerator<string> {
  const [script, style] = await Promise.all([
    readFile(join(assets, "main.js"), "utf8"),
    readFile(join(assets, "main.css"), "utf8"),
  ]);
  // From the content: the same report gives the same page, and no text in it can know the nonce.
  const hash = createHash("sha256").update(script).update(style);
  for await (const text of embeddable(report)) hash.update(text);
  const nonce = hash.digest("base64");
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  yield `<!DOCTYPE html>
<html lang="${language.replace(/[^\w-]/g, "")}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Relation Lens</title>
<style nonce="${nonce}">${sourceMapless(style).replaceAll("</", "<\\/")}</style>
</head>
<body class="standalone vscode-light">
<div id="app"></div>
<script type="application/json" id="report-data">`;
  yield* embeddable(report);
  yield `</script>
<script nonce="${nonce}">${sourceMapless(script).replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--")}</script>
</body>
</html>
`;
}

async function* embeddable(report: ReportBytes): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for (const part of report) {
    yield embeddableJson(decoder.decode(part, { stream: true }));
    await nextTurn();
  }
  yield embeddableJson(decoder.decode());
}

/** A link to a source map is a request of its own. */
const sourceMapless = (code: string) => code.replace(/\n?(\/\/|\/\*)# sourceMappingURL=[^\n]*\s*$/, "");
