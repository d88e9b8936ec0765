import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { analyze } from "../../../src/engine/engine";
import { modelFingerprint } from "../../../src/formats/fingerprint";

const file = join(import.meta.dirname, "../../../samples/superlative.relation.yaml");
const settings = { model: null, seed: 0, only: [], layers: "last", bos: "auto", twins: 0 } as const;
const hooks = { signal: new AbortController().signal, onProgress: () => undefined };
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

async function madeFrom(text?: string) {
  const outcome = await analyze({ file, settings, ...(text !== undefined && { text }) }, hooks);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.value;
}

describe("what a report was made from", () => {
  it("is the text that was analysed, saved or not, and the weights", async () => {
    const text = await readFile(file, "utf8");
    const { relation, model } = await madeFrom();
    expect(relation.sha256).toBe(sha256(text));
    expect(model.file).toMatch(/embedded-small.*\.onnx$/);
    expect(model.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(model.fingerprint).toBe(await modelFingerprint(model.file ?? ""));
    const edited = `${text}\n# edited\n`;
    expect((await madeFrom(edited)).relation.sha256).toBe(sha256(edited));
  }, 60_000);
});
