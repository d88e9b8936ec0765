import { build, context } from "esbuild";
import { mkdir, writeFile } from "node:fs/promises";
import { onFirstUse } from "./scripts/onFirstUse.mjs";
import { oneRequire } from "./scripts/oneRequire.mjs";
import { notices } from "./scripts/package/notices.mjs";

const watch = process.argv.includes("--watch");
const production = process.argv.includes("--production");

const shared = {
  bundle: true,
  sourcemap: production ? false : "linked",
  minify: production,
  metafile: production,
  logLevel: "warning",
  legalComments: "none",
};

/** Native code and its loader stay out of the bundles. */
const node = { ...shared, platform: "node", target: "node20", format: "cjs", external: ["onnxruntime-node"] };

/** What the extension loads when it is first used, by the package's name. */
const later = { yaml: "yaml.js", "vscode-jsonrpc/node": "jsonrpc.js" };

/** One block per bundle. */
const bundles = [
  {
    ...node,
    entryPoints: ["src/extension/extension.ts"],
    outfile: "dist/extension.js",
    external: ["vscode"],
    plugins: [onFirstUse(later), oneRequire("vscode")],
  },
  ...Object.entries(later).map(([name, file]) => ({ ...node, entryPoints: [name], outfile: `dist/${file}` })),
  { ...node, entryPoints: ["src/engine/main.ts"], outfile: "dist/engine.js" },
  { ...node, entryPoints: ["src/engine/compute/analysisWorker.ts"], outfile: "dist/analysisWorker.js" },
  {
    ...node,
    entryPoints: ["src/cli/main.ts"],
    outfile: "dist/cli.js",
    banner: { js: "#!/usr/bin/env node" },
  },
  {
    ...shared,
    platform: "browser",
    target: "es2022",
    format: "iife",
    entryPoints: ["webview/main.ts"],
    outfile: "dist/webview/main.js",
    loader: { ".css": "css" },
    minify: true,
  },
];

await mkdir("dist", { recursive: true });
if (watch) {
  for (const options of bundles) await (await context(options)).watch();
} else {
  const built = await Promise.all(bundles.map((options) => build(options)));
  if (production) await writeFile("dist/ThirdPartyNotices.txt", await notices(built.map(({ metafile }) => metafile)));
}
