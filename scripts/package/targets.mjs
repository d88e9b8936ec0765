import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";

/** The platforms that a VSIX is made for, as the editor names them. */
export const targets = ["linux-x64", "linux-arm64", "win32-x64", "win32-arm64", "darwin-arm64", "darwin-x64"];

/** Bytes that a VSIX may have; on Windows it brings DirectML and the compiler of shaders. */
export const mostBytes = (target) => (target.startsWith("win32-") ? 45e6 : 40e6);

/** Bytes that a bundle may have, as shipped. */
export const mostBytesOfBundles = { "dist/extension.js": 500e3, "dist/webview/main.js": 700e3 };

const { version } = JSON.parse(readFileSync(join(root, "node_modules", "onnxruntime-node", "package.json"), "utf8"));

/** What the CPU needs, and DirectML on Windows; CUDA's providers have 300 MB and are nobody's default. */
const libraries = {
  linux: ["libonnxruntime.so.1"],
  darwin: [`libonnxruntime.${version}.dylib`],
  win32: ["onnxruntime.dll", "DirectML.dll", "dxcompiler.dll", "dxil.dll"],
};

/** Native files of one platform, relative to the repository. */
export function nativeFiles(target) {
  const [platform, arch] = target.split("-");
  const folder = `node_modules/onnxruntime-node/bin/napi-v6/${platform}/${arch}`;
  return ["onnxruntime_binding.node", ...libraries[platform]].map((name) => `${folder}/${name}`);
}
