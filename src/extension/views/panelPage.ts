import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

/** Folders from which the page may load. */
export function panelRoots(extension: vscode.Uri): readonly vscode.Uri[] {
  return [vscode.Uri.joinPath(extension, "dist", "webview"), vscode.Uri.joinPath(extension, "media")];
}

/** The page around the drawing code; everything that it shows arrives later, as messages. */
export function panelPage(webview: vscode.Webview, extension: vscode.Uri): string {
  const nonce = randomBytes(18).toString("base64");
  const resource = (name: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(extension, "dist", "webview", name)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `img-src ${webview.cspSource} data:`,
    `font-src ${webview.cspSource}`,
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Relation Lens</title>
<link rel="stylesheet" href="${resource("main.css")}" nonce="${nonce}">
</head>
<body>
<div id="app"></div>
<script nonce="${nonce}" src="${resource("main.js")}"></script>
</body>
</html>`;
}
