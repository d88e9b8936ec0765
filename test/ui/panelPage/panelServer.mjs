/* global document, MutationObserver */
import { build } from "esbuild";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const root = new URL("../../../", import.meta.url);

/** The panel's page outside the editor: its bundle behind the same content security policy, and a stub of the host. */
export async function startPanelServer() {
  const folder = await mkdtemp(join(tmpdir(), "panel-page-"));
  const shared = { bundle: true, absWorkingDir: root.pathname, logLevel: "warning" };
  await build({
    ...shared,
    entryPoints: ["webview/main.ts"],
    outfile: join(folder, "main.js"),
    platform: "browser",
    target: "es2022",
    format: "iife",
    minify: true,
  });
  await build({
    ...shared,
    entryPoints: ["test/fixtures/reports/example.ts"],
    outfile: join(folder, "example.mjs"),
    platform: "node",
    format: "esm",
  });
  await build({
    ...shared,
    entryPoints: ["src/formats/reportHtml.ts"],
    outfile: join(folder, "reportHtml.cjs"),
    platform: "node",
    format: "cjs",
  });
  const { reportHtml } = createRequire(import.meta.url)(join(folder, "reportHtml.cjs"));
  const examples = await import(pathToFileURL(join(folder, "example.mjs")).href);
  const server = createServer((request, response) => {
    const { pathname: name, searchParams } = new URL(request.url ?? "/", "http://localhost");
    if (name === "/main.js" || name === "/main.css") {
      const type = name.endsWith("css") ? "text/css" : "text/javascript";
      readFile(join(folder, name)).then((body) => response.writeHead(200, { "content-type": type }).end(body));
    } else if (name === "/") {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page(searchParams));
    } else response.writeHead(204).end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    ...examples,
    reportHtml: (json, language = "en") => reportHtml(json, language, folder),
    bundleBytes: (await readFile(join(folder, "main.js"))).length,
    close: async () => {
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}

const page = (query) => `<!doctype html>
<html lang="${query.get("language") ?? "en"}">
<title>Relation Lens</title>
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy"
      content="default-src 'none'; script-src 'nonce-page'; style-src 'self' 'nonce-page'; img-src 'self' data:" />
    <link rel="stylesheet" href="main.css" />
  </head>
  <body${query.has("page") ? ` data-page="${query.get("page")}"` : ""}>
    <div id="app"></div>
    <script nonce="page" src="main.js"></script>
  </body>
</html>`;

/** Runs in the page before its script: what VS Code gives a webview. */
export function stubHost({ theme, state }) {
  const posted = [];
  globalThis.posted = posted;
  let saved = state;
  globalThis.acquireVsCodeApi = () => ({
    postMessage: (message) => posted.push(message),
    getState: () => saved,
    setState: (next) => {
      saved = JSON.parse(JSON.stringify(next));
      globalThis.savedState = saved;
    },
  });
  globalThis.applyTheme = ({ className, variables }) => {
    for (const [name, value] of Object.entries(variables)) document.documentElement.style.setProperty(name, value);
    document.body.className = className;
    document.body.dataset.vscodeThemeId = className;
  };
  new MutationObserver((_, observer) => {
    if (!document.body) return;
    observer.disconnect();
    globalThis.applyTheme(theme);
  }).observe(document, { childList: true, subtree: true });
}
