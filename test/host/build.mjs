import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "../../scripts/paths.mjs";

/**
 * Bundles the host tests into `out-test/`, a bundle for every file.
 * @returns paths of the bundles that the extension host calls: all suites, and what a new window takes
 */
export async function buildHostTests() {
  const outdir = join(root, "out-test", "host");
  await rm(outdir, { recursive: true, force: true });
  const suites = (await readdir(join(import.meta.dirname, "suites"))).map((name) => `test/host/suites/${name}`);
  await build({
    absWorkingDir: root,
    entryPoints: ["test/host/index.ts", "test/host/startup.ts", ...suites],
    outdir,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    define: { "import.meta.dirname": "__dirname" },
    // `define` of a test file must come from the mocha that runs it.
    external: ["vscode", "mocha"],
    sourcemap: "inline",
    logLevel: "warning",
  });
  return { tests: join(outdir, "index.js"), startup: join(outdir, "startup.js") };
}
