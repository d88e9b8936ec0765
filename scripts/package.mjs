import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createVSIX } from "@vscode/vsce";
import { root } from "./paths.mjs";
import { run } from "./run.mjs";

/** A VSIX for one platform, with the native code of that platform only; this machine's where none is named. */
const target = process.argv[2] ?? `${process.platform}-${process.arch}`;
const [platform, arch] = target.split("-");

await run("node", ["esbuild.mjs", "--production"], { cwd: root, show: true });
const folder = await mkdtemp(join(tmpdir(), "relation-lens-package-"));
try {
  const ignoreFile = join(folder, "ignore");
  const native = `!node_modules/onnxruntime-node/bin/napi-v6/${platform}/${arch}/**`;
  await writeFile(ignoreFile, `${await readFile(join(root, ".vscodeignore"), "utf8")}${native}\n`);
  await createVSIX({ cwd: root, target, ignoreFile, allowMissingRepository: true, rewriteRelativeLinks: false });
} finally {
  await rm(folder, { recursive: true, force: true });
}
