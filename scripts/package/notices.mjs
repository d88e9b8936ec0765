import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../paths.mjs";

/** Shipped beside the bundles, rather than in them. */
const unbundled = ["node_modules/onnxruntime-node", "node_modules/onnxruntime-common"];
const inPackage = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;
const licences = /^(licen[cs]e|copyrightnotice|notices?|thirdpartynotices)(\.\w+)?$/i;

/**
 * The licences of what the bundles contain.
 * @param metafiles of esbuild, a bundle each
 */
export async function notices(metafiles) {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const folders = new Set([...unbundled, ...inputs.flatMap((path) => inPackage.exec(path)?.[1] ?? [])]);
  const parts = await Promise.all([...folders].map(notice));
  const unique = [...new Set(parts)].sort((a, b) => a.localeCompare(b, "en"));
  return `Relation Lens contains the following software.\n\n${unique.join("\n")}`;
}

async function notice(folder) {
  const read = (name) => readFile(join(root, folder, name), "utf8");
  const { name, version, license, author, repository } = JSON.parse(await read("package.json"));
  const files = (await readdir(join(root, folder))).filter((file) => licences.test(file)).sort();
  const texts = await Promise.all(files.map(read));
  const by = typeof author === "string" ? author : author?.name;
  const from = (typeof repository === "string" ? repository : repository?.url)?.replace(/^git\+/, "");
  const heading = `${name} ${version} (${[license, by, from].filter((part) => part !== undefined).join(", ")})`;
  return `${"─".repeat(80)}\n${[heading, ...texts.map((text) => text.trim())].join("\n\n")}\n`;
}
