import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import { onFirstUse } from "../../../scripts/onFirstUse.mjs";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "relation-lens-first-use-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it("loads a package when one of its exports is first used, and once", async () => {
  const outfile = join(folder, "bundle.js");
  await build({
    stdin: {
      contents: `
        import { isMap, parseDocument } from "yaml";
        export const read = (text) => isMap(parseDocument(text).contents);`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile,
    plugins: [onFirstUse({ yaml: "later.js" })],
  });
  const real = createRequire(import.meta.url).resolve("yaml");
  const later = join(folder, "later.js");
  await writeFile(later, `module.exports = require(${JSON.stringify(real)});`);
  const require = createRequire(outfile);

  const bundle = require("./bundle.js") as { read(text: string): boolean };
  expect(Object.keys(require.cache)).not.toContain(later);
  expect(bundle.read("a: 1")).toBe(true);
  expect(Object.keys(require.cache)).toContain(later);
  await rm(later);
  expect(bundle.read("- 1")).toBe(false);
});
