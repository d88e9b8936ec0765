import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { modelFingerprint, textSha256 } from "../../../src/formats/fingerprint";

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "relation-lens-fingerprint-"))));
afterAll(() => rm(folder, { recursive: true }));

const graph = () => join(folder, "model.onnx");
const weights = (seed: number, length = 300_000) => Uint8Array.from({ length }, (_, i) => (i * 31 + seed) % 251);

describe("fingerprints", () => {
  it("of a text is its SHA-256", () => {
    // FIPS 180-2, appendix B.1.
    expect(textSha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  it("of a model stays with its bytes, wherever they lie", async () => {
    await writeFile(graph(), weights(0));
    const before = await modelFingerprint(graph());
    await writeFile(join(folder, "config.json"), "{}");
    expect(await modelFingerprint(graph())).toBe(before);
    await rename(graph(), join(folder, "copy.onnx"));
    expect(await modelFingerprint(join(folder, "copy.onnx"))).toBe(before);
  });

  it("changes with the graph, its length and the data beside it", async () => {
    const seen = new Set<string | null>();
    for (const bytes of [weights(0), weights(1), weights(0, 300_001), weights(0, 100), weights(0, 0)]) {
      await writeFile(graph(), bytes);
      seen.add(await modelFingerprint(graph()));
    }
    for (const [name, seed] of [
      ["model.onnx_data", 0],
      ["model.onnx_data", 1],
      ["model.onnx.data", 0],
    ] as const) {
      await writeFile(join(folder, name), weights(seed));
      seen.add(await modelFingerprint(graph()));
    }
    expect(seen.size).toBe(8);
    expect(seen).not.toContain(null);
  });

  it("is null without the graph", async () => {
    expect(await modelFingerprint(join(folder, "none.onnx"))).toBeNull();
    expect(await modelFingerprint(join(folder, "none", "model.onnx"))).toBeNull();
  });
});
