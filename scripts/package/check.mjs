import { checkManifest } from "./checkManifest.mjs";
import { mostBytes, mostBytesOfBundles } from "./targets.mjs";

const text = /\.(css|html|js|json|md|svg|txt|ya?ml)$/;
const leftOvers = /\.map$|\.test\.|\.tsbuildinfo$|\.ts$|(^|\/)\.DS_Store$/;

/**
 * What is wrong with a VSIX.
 * @param contents as `readPackage` gives them
 * @param expected paths of the files that must be in it, and no others
 * @param localPaths of this machine, which no file may name
 * @returns a sentence each; empty where nothing is
 */
export function checkPackage({ bytes, manifest, files }, { target, expected, localPaths }) {
  const wanted = new Set(expected);
  const found = [];
  if (!manifest.includes(`TargetPlatform="${target}"`)) found.push(`It does not say that it is for ${target}.`);
  const most = mostBytes(target);
  if (bytes > most) found.push(`It has ${megabytes(bytes)}; ${megabytes(most)} are allowed.`);
  for (const path of wanted) if (!files.has(path)) found.push(`${path} is missing.`);
  for (const [path, content] of files) {
    if (!wanted.has(path)) found.push(`${path} does not belong in it.`);
    else if (leftOvers.test(path)) found.push(`${path} is nothing that a user needs.`);
    if (text.test(path)) found.push(...checkText(path, content.toString("utf8"), localPaths));
  }
  for (const [path, most] of Object.entries(mostBytesOfBundles)) {
    const { length } = files.get(path) ?? [];
    if (length > most) found.push(`${path} has ${kilobytes(length)}; ${kilobytes(most)} are allowed.`);
  }
  return [...found, ...checkManifest(files), ...checkLinks(files)];
}

function checkText(path, content, localPaths) {
  const found = [];
  for (const local of localPaths) if (content.includes(local)) found.push(`${path} names ${local}.`);
  if (path.startsWith("dist/") && /^\/[/*]# sourceMappingURL=/m.test(content))
    found.push(`${path} refers to a source map.`);
  return found;
}

/** The editor and the gallery show the README; where its links are not made absolute, they lead into the extension. */
function checkLinks(files) {
  const readme = files.get("readme.md")?.toString("utf8") ?? "";
  const links = [...readme.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link]) => link);
  return links
    .filter((link) => !/^[a-z]+:/.test(link) && !has(files, link))
    .map((link) => `The README links to ${link}, which is not in it.`);
}

/** vsce renames these. */
const renamed = { "README.md": "readme.md", "CHANGELOG.md": "changelog.md", LICENSE: "LICENSE.txt" };
const has = (files, link) =>
  files.has(renamed[link] ?? link) || [...files.keys()].some((path) => path.startsWith(`${link.replace(/\/$/, "")}/`));

export const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
const kilobytes = (bytes) => `${(bytes / 1e3).toFixed(0)} kB`;
