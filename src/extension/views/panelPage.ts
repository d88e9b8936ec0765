import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { PageKind } from "../../protocol/panel";

/** What a page may do, and the folders from which it may load. */
export function panelOptions(extension: vscode.Uri): vscode.WebviewOptions {
  return {
    enableScripts: true,
    localResourceRoots: [vscode.Uri.joinPath(extension, "dist", "webview"), vscode.Uri.joinPath(extension, "media")],
  };
}

export const panelIcon = (extension: vscode.Uri) => vscode.Uri.joinPath(extension, "media", "panel.svg");

/** The page around the drawing code; everything that it shows arrives later, as messages. */
export function panelPage(webview: vscode.Webview, extension: vscode.Uri, kind: PageKind): string {
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
<body data-page="${kind}">
<div id="app"></div>
<script nonce="${nonce}" src="${resource("main.js")}"></script>
</body>
</html>`;
}
