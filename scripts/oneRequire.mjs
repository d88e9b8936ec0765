import { writeFile } from "node:fs/promises";

/**
 * An esbuild plugin: every `import * as name from "<module>"` of a bundle is one and the same object. By itself esbuild
 * copies all properties of an external module for every file that imports it; of the editor's API, which has hundreds,
 * that is most of the time of loading the extension. Nothing may import a default from the module.
 */
export function oneRequire(module) {
  const variable = `${module}Api`;
  const copies = new RegExp(String.raw`[\w$]+\(require\("${module}"\)(?:, 1)?\)`, "g");
  return {
    name: "one-require",
    setup(build) {
      build.initialOptions.write = false;
      build.initialOptions.banner = { js: `"use strict";\nconst ${variable} = require("${module}");` };
      build.onEnd(async ({ outputFiles = [] }) => {
        for (const { path, text, contents } of outputFiles) {
          await writeFile(path, path.endsWith(".js") ? text.replace(copies, variable) : contents);
        }
      });
    },
  };
}
