import { cp, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../scripts/paths.mjs";

/** A folder with the samples, small inputs (`few`, `passages.txt`) and files that are wrong, which tests may write to. */
export async function makeWorkspace() {
  const parent = await realpath(await mkdtemp(join(tmpdir(), "relation-lens-workspace-")));
  const folder = join(parent, "relations");
  await cp(join(root, "samples"), folder, { recursive: true });
  for (const name of ["broken.relation.yaml", "few.relation.yaml"]) {
    await cp(join(import.meta.dirname, "fixtures", name), join(folder, name));
  }
  const passages = (await readFile(join(root, "contexts", "general.txt"), "utf8")).split("\n\n");
  await writeFile(join(folder, "passages.txt"), passages.slice(0, 40).join("\n\n"));
  await cp(join(root, "models", "embedded-small"), join(folder, "exports", "small"), { recursive: true });
  const bytes = Uint8Array.from({ length: 4096 }, (_, i) => (i * 131) % 256);
  await writeFile(join(folder, "binary.relation.yaml"), bytes);
  return { folder, remove: () => rm(parent, { recursive: true, force: true, maxRetries: 5 }) };
}
