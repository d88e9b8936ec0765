import { readFile } from "node:fs/promises";
import JSZip from "jszip";

/**
 * Reads a VSIX.
 * @returns its size in bytes, its manifest, and the files of the extension by their paths in it
 */
export async function readPackage(path) {
  const archive = await readFile(path);
  const zip = await JSZip.loadAsync(archive);
  const files = new Map();
  for (const [name, entry] of Object.entries(zip.files)) {
    if (name.startsWith("extension/") && !entry.dir) {
      files.set(name.slice("extension/".length), await entry.async("nodebuffer"));
    }
  }
  const manifest = await zip.file("extension.vsixmanifest")?.async("string");
  return { bytes: archive.length, manifest: manifest ?? "", files };
}
