import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createVSIX } from "@vscode/vsce";
import { checkPackage, megabytes } from "./package/check.mjs";
import { readPackage } from "./package/contents.mjs";
import { expectedFiles } from "./package/expected.mjs";
import { nativeFiles, targets } from "./package/targets.mjs";
import { root } from "./paths.mjs";
import { run } from "./run.mjs";

/**
 * VSIX files for the platforms named, else for all, each with the native code of that platform only, and checked.
 * Where the addresses of the repository's files are given, the README's links become absolute, as a gallery needs them.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: "string" }, baseContentUrl: { type: "string" }, baseImagesUrl: { type: "string" } },
});
const out = values.out ?? join(root, "dist-vsix");
const { name, version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));

const chosen = positionals.length === 0 ? targets : positionals;
for (const target of chosen) {
  if (!targets.includes(target)) fail(`There is no package for ${target}. There are: ${targets.join(", ")}.`);
  for (const file of nativeFiles(target)) {
    if (!existsSync(join(root, file))) fail(`${file} is not there, so that ${target} cannot be packaged. Run npm ci.`);
  }
}

await run("node", ["esbuild.mjs", "--production"], { cwd: root, show: true });
await mkdir(out, { recursive: true });
const work = await mkdtemp(join(tmpdir(), "relation-lens-package-"));
let faults = 0;
try {
  for (const target of chosen) faults += await report(target, await makePackage(target));
} finally {
  await rm(work, { recursive: true, force: true });
}
process.exit(faults === 0 ? 0 : 1);

async function makePackage(target) {
  const ignoreFile = join(work, `${target}.ignore`);
  const native = nativeFiles(target).map((file) => `!${file}\n`);
  await writeFile(ignoreFile, `${await readFile(join(root, ".vscodeignore"), "utf8")}${native.join("")}`);
  const packagePath = join(out, `${name}-${target}-${version}.vsix`);
  await rm(packagePath, { force: true });
  const { baseContentUrl, baseImagesUrl } = values;
  const rewriteRelativeLinks = baseContentUrl !== undefined;
  const links = rewriteRelativeLinks ? { baseContentUrl, baseImagesUrl } : {};
  const options = { packagePath, target, ignoreFile, rewriteRelativeLinks, ...links };
  await createVSIX({ cwd: root, allowMissingRepository: true, gitHubIssueLinking: false, ...options });
  return packagePath;
}

/** Prints what is in a package and what is wrong with it; gives how much is wrong. */
async function report(target, path) {
  const contents = await readPackage(path);
  const faults = checkPackage(contents, {
    target,
    expected: await expectedFiles(target),
    localPaths: [root, ...(homedir().split(/[\\/]/).length > 2 ? [homedir()] : [])],
  });
  const sizes = new Map();
  for (const [file, { length }] of contents.files) {
    const [folder] = file.includes("/") ? file.split("/") : ["."];
    sizes.set(folder, (sizes.get(folder) ?? 0) + length);
  }
  const parts = [...sizes].sort(([, a], [, b]) => b - a).map(([folder, bytes]) => `${folder} ${megabytes(bytes)}`);
  console.log(`${path}: ${megabytes(contents.bytes)}, ${contents.files.size} files (unpacked: ${parts.join(", ")})`);
  for (const fault of faults) console.error(`  ✗ ${fault}`);
  return faults.length;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
