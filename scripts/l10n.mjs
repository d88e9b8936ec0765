/** Writes the texts of the extension host, and says what translations lack or need no more: `npm run l10n`. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compare } from "./l10n/compare.mjs";
import { hostTexts } from "./l10n/texts.mjs";
import { root } from "./paths.mjs";

const bundles = join(root, "l10n");
const read = async (path) => JSON.parse(await readFile(path, "utf8"));

const english = Object.fromEntries((await hostTexts()).map((text) => [text, text]));
await writeFile(join(bundles, "bundle.l10n.json"), `${JSON.stringify(english, null, 2)}\n`);
const manifest = await read(join(root, "package.nls.json"));

const found = [];
for (const name of await translations(bundles, /^bundle\.l10n\.[\w-]+\.json$/))
  found.push(...compare(english, await read(join(bundles, name)), `l10n/${name}`));
for (const name of await translations(root, /^package\.nls\.[\w-]+\.json$/))
  found.push(...compare(manifest, await read(join(root, name)), name));

console.log(
  `${Object.keys(english).length} texts of the extension host, ${Object.keys(manifest).length} of package.json`,
);
for (const sentence of found) console.error(sentence);
if (found.length > 0) process.exitCode = 1;

async function translations(folder, pattern) {
  return (await readdir(folder)).filter((name) => pattern.test(name));
}
