import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { cache, root } from "./paths.mjs";
import { run } from "./run.mjs";

/**
 * Packages for this platform, installs the VSIX in a fresh editor, clicks through it as through the development build, and
 * goes the way of a newcomer.
 */
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const results = join(cache, "test-results", "vsix.json");
const tests = ["test/ui/panel.test.ts", "test/ui/journey.test.ts"];
const reporters = ["--reporter=default", "--reporter=json", `--outputFile=${results}`];

await mkdir(cache, { recursive: true });
const out = await mkdtemp(join(cache, "vsix-"));
try {
  const target = `${process.platform}-${process.arch}`;
  await run(process.execPath, ["scripts/package.mjs", target, "--out", out], { cwd: root, show: true });
  const [name] = await readdir(out);
  const args = [vitest, "run", "--config", "test/ui/vitest.config.mts", ...reporters, ...tests];
  const env = { ...process.env, RELATION_LENS_VSIX: join(out, name) };
  const child = spawn(process.execPath, args, { cwd: root, stdio: "inherit", env });
  process.exitCode = await new Promise((resolve) => child.once("close", (code) => resolve(code ?? 1)));
} finally {
  await rm(out, { recursive: true, force: true });
}
