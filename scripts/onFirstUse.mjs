import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/**
 * An esbuild plugin: packages that stay out of a bundle, in files of their own beside it, and are loaded when one of
 * their exports is first used. Nearly half of the extension's bundle, and of the time of its loading, would be theirs.
 * @param files the file's name by the package's, as it is imported; the packages are CommonJS
 */
export function onFirstUse(files) {
  const namespace = "on-first-use";
  return {
    name: namespace,
    setup(build) {
      build.onResolve({ filter: /./ }, ({ path, namespace: importer }) => {
        if (importer === namespace) return { path, external: true };
        return Object.hasOwn(files, path) ? { path, namespace } : undefined;
      });
      build.onLoad({ filter: /./, namespace }, ({ path }) => ({ contents: gettersOf(path, files[path]) }));
    },
  };
}

/** A module that has the names of a package's exports, and loads the package to give the first of them. */
function gettersOf(name, file) {
  const getters = Object.keys(require(name)).map((key) => `get ${key}() { return load().${key}; },`);
  return `let loaded;\nconst load = () => (loaded ??= require("./${file}"));\nmodule.exports = {\n${getters.join("\n")}\n};\n`;
}
