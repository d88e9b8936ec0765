const inPackage = /^\.\/\S+$|^(dist|media|schemas|snippets|l10n|samples|relations)\/\S+$/;

/** What `package.json` names and the package lacks: files, and texts of `package.nls.json`. */
export function checkManifest(files) {
  const content = files.get("package.json")?.toString("utf8");
  if (content === undefined) return [];
  const texts = JSON.parse(files.get("package.nls.json")?.toString("utf8") ?? "{}");
  const paths = [...files.keys()];
  const found = [];
  for (const value of strings(JSON.parse(content))) {
    const path = value.replace(/^\.\//, "");
    if (inPackage.test(value) && !paths.some((name) => name === path || name.startsWith(`${path}/`))) {
      found.push(`package.json names ${value}, which is not in it.`);
    }
    const key = /^%([\w.-]+)%$/.exec(value)?.[1];
    if (key !== undefined && !(key in texts)) found.push(`package.nls.json has no text ${key}.`);
  }
  return [...new Set(found)];
}

function strings(value) {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(strings) : [];
}
