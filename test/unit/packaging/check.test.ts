import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import JSZip from "jszip";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { checkPackage } from "../../../scripts/package/check.mjs";
import { readPackage, type PackageContents } from "../../../scripts/package/contents.mjs";
import { nativeFiles, targets } from "../../../scripts/package/targets.mjs";

const target = "linux-x64";
const manifest = `<PackageManifest><Identity TargetPlatform="${target}"/></PackageManifest>`;
const ofManifest = {
  main: "./dist/extension.js",
  icon: "media/icon.png",
  l10n: "./l10n",
  contributes: { commands: [{ title: "%command.analyze%" }] },
};

/** A package in which nothing is wrong. */
function sound(): Map<string, Buffer> {
  const texts = {
    "package.json": JSON.stringify(ofManifest),
    "package.nls.json": JSON.stringify({ "command.analyze": "Analyze" }),
    "readme.md": "[a sample](samples/README.md) ![panel](media/panel.png) [paper](https://example.org/x) [up](#start)",
    "samples/README.md": "",
    "media/icon.png": "",
    "media/panel.png": "",
    "l10n/bundle.l10n.de.json": "{}",
    "dist/extension.js": "run()",
    "dist/webview/main.js": "draw()",
  };
  const native = nativeFiles(target).map((path) => [path, Buffer.alloc(8)] as const);
  return new Map([...Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)] as const), ...native]);
}

const expected = [...sound().keys()];

function check(doctor: (files: Map<string, Buffer>) => void = () => undefined, more: Partial<PackageContents> = {}) {
  const files = sound();
  doctor(files);
  return checkPackage({ bytes: 25e6, manifest, files, ...more }, { target, expected, localPaths: ["/home/me/lens"] });
}

describe("the check of a package", () => {
  it("finds nothing wrong with a sound one", () => {
    expect(check()).toEqual([]);
  });

  it.each(expected.filter((path) => path !== "package.json"))("misses %s", (path) => {
    expect(check((files) => files.delete(path))).toContain(`${path} is missing.`);
  });

  it.each(targets.filter((other) => other !== target).flatMap(nativeFiles))("finds another platform's %s", (path) => {
    expect(check((files) => files.set(path, Buffer.alloc(8)))).toEqual([`${path} does not belong in it.`]);
  });

  it.each([
    "dist/extension.js.map",
    "test/unit/a.test.ts",
    "node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so",
  ])("finds %s", (path) => {
    expect(check((files) => files.set(path, Buffer.alloc(8)))).toEqual([`${path} does not belong in it.`]);
  });

  it("finds a left-over among the files that are shipped whole", () => {
    const files = sound().set("samples/a.test.ts", Buffer.alloc(0));
    const faults = checkPackage(
      { bytes: 25e6, manifest, files },
      { target, expected: [...files.keys()], localPaths: [] },
    );
    expect(faults).toEqual(["samples/a.test.ts is nothing that a user needs."]);
  });

  it("finds paths of the machine it was made on, and references to source maps", () => {
    const put = (text: string) => check((files) => files.set("dist/extension.js", Buffer.from(text)));
    expect(put('require("/home/me/lens/src/a")')).toEqual(["dist/extension.js names /home/me/lens."]);
    expect(put("run()\n//# sourceMappingURL=extension.js.map")).toEqual(["dist/extension.js refers to a source map."]);
  });

  it("bounds the package and its bundles", () => {
    expect(check(undefined, { bytes: 40_000_001 })).toEqual(["It has 40.0 MB; 40.0 MB are allowed."]);
    expect(check((files) => files.set("dist/extension.js", Buffer.alloc(500_001)))).toEqual([
      "dist/extension.js has 500 kB; 500 kB are allowed.",
    ]);
    expect(check((files) => files.set("dist/webview/main.js", Buffer.alloc(700_001)))).toEqual([
      "dist/webview/main.js has 700 kB; 700 kB are allowed.",
    ]);
  });

  it("finds what the manifest and the README name and the package lacks", () => {
    const named = { ...ofManifest, icon: "media/other.png", l10n: "./texts", description: "%about%" };
    expect(check((files) => files.set("package.json", Buffer.from(JSON.stringify(named))))).toEqual([
      "package.json names media/other.png, which is not in it.",
      "package.json names ./texts, which is not in it.",
      "package.nls.json has no text about.",
    ]);
    expect(check((files) => files.set("readme.md", Buffer.from("![x](media/gone.png)")))).toEqual([
      "The README links to media/gone.png, which is not in it.",
    ]);
  });

  it("finds a package for another platform", () => {
    expect(check(undefined, { manifest: manifest.replace(target, "win32-x64") })).toEqual([
      "It does not say that it is for linux-x64.",
    ]);
  });

  it("finds what was put into an archive", async () => {
    const folder = await mkdtemp(join(tmpdir(), "relation-lens-"));
    const path = join(folder, "package.vsix");
    const pack = async (files: Map<string, Buffer>) => {
      const zip = new JSZip().file("extension.vsixmanifest", manifest);
      for (const [name, content] of files) zip.file(`extension/${name}`, content);
      await writeFile(path, await zip.generateAsync({ type: "nodebuffer" }));
      return checkPackage(await readPackage(path), { target, expected, localPaths: [] });
    };
    try {
      expect(await pack(sound())).toEqual([]);
      const doctored = sound().set("dist/extension.js.map", Buffer.from("{}"));
      doctored.delete("media/icon.png");
      expect(await pack(doctored)).toEqual([
        "media/icon.png is missing.",
        "dist/extension.js.map does not belong in it.",
        "package.json names media/icon.png, which is not in it.",
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("the release", () => {
  it("makes and tries a package for every platform", async () => {
    const file = join(import.meta.dirname, "../../../.github/workflows/release.yml");
    const { jobs } = parse(await readFile(file, "utf8")) as {
      jobs: {
        package: { strategy: { matrix: { target: string[] } } };
        try: { strategy: { matrix: { include: { target: string }[] } } };
      };
    };
    expect(jobs.package.strategy.matrix.target).toEqual(targets);
    expect(jobs.try.strategy.matrix.include.map((entry) => entry.target)).toEqual(targets);
  });
});
