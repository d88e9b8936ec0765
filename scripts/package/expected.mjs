import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { nativeFiles } from "./targets.mjs";

const always = [
  ...["package.json", "package.nls.json", "readme.md", "changelog.md", "LICENSE.txt"],
  ...["CONTRIBUTING.md", "SECURITY.md", "SUPPORT.md", "training/README.md"],
  ...["extension", "yaml", "jsonrpc", "engine", "analysisWorker", "cli"].map((name) => `dist/${name}.js`),
  ...["dist/webview/main.js", "dist/webview/main.css", "dist/ThirdPartyNotices.txt"],
  ...["node", "common"].map((name) => `node_modules/onnxruntime-${name}/package.json`),
];

/** Shipped whole, where they are there, but for what the pattern leaves out. */
const folders = {
  contexts: /\.txt$/,
  docs: /\.(md|png)$/,
  l10n: /\.json$/,
  media: /./,
  models: /./,
  relations: /./,
  samples: /./,
  schemas: /./,
  snippets: /./,
  "node_modules/onnxruntime-node/dist": /\.js$/,
  "node_modules/onnxruntime-common/dist/cjs": /\.js(on)?$/,
};

/** Every file of a VSIX, by its path in the extension: neither less nor more. */
export async function expectedFiles(target) {
  const listed = await Promise.all(Object.entries(folders).map(([folder, pattern]) => filesOf(folder, pattern)));
  const translations = (await readdir(root)).filter((name) => /^package\.nls\.[\w-]+\.json$/.test(name));
  return [...always, ...translations, ...listed.flat(), ...nativeFiles(target)];
}

async function filesOf(folder, pattern) {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll("\\", "/"),
    );
}
