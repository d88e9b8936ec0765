import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { random, type Random } from "../../../src/engine/linalg/random";
import { describeModel } from "../../../src/engine/models/openModel";
import { readTokenizer } from "../../../src/engine/models/tokenizer";
import { ProblemError } from "../../../src/protocol/problem";
import { graphs, newFolder } from "./support";

/** A copy with a few bytes changed, most of them near text: names and operators rather than weights. */
function mutated(source: Uint8Array, draw: Random): Uint8Array {
  const bytes = Uint8Array.from(source);
  const isText = (at: number) => bytes[at]! >= 0x2f && bytes[at]! < 0x7b;
  for (let edits = 1 + draw.integer(6); edits > 0; edits--) {
    let at = draw.integer(bytes.length);
    for (let tries = 0; tries < 200 && !(isText(at) && isText(at + 1) && isText(at + 2)); tries++)
      at = draw.integer(bytes.length);
    bytes[Math.max(0, Math.min(bytes.length - 1, at + draw.integer(60) - 30))] = draw.integer(256);
  }
  return bytes;
}

/** "usable", or the code of the refusal; any other error is thrown on. */
async function outcome(operation: () => unknown): Promise<string> {
  try {
    await operation();
    return "usable";
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    expect(error.problems[0]).toMatchObject({ kind: "model", severity: "error" });
    return error.problems[0]!.code;
  }
}

describe("random edits", () => {
  it("of a graph are refused, or give a model that passes its checks", async () => {
    const folder = newFolder();
    copyFileSync(join(graphs, "genai_q4f16/config.json"), join(folder, "config.json"));
    const source = readFileSync(join(graphs, "genai_q4f16/model.onnx"));
    const seen = new Set<string>();
    for (let i = 0; i < 80; i++) {
      writeFileSync(join(folder, "model.onnx"), mutated(source, random(i, "graph")));
      seen.add(
        await outcome(async () => {
          const { checks, layers } = await describeModel(folder);
          expect(layers).toBe(4);
          expect(checks.map((c) => c.ok)).toEqual([true, true, true]);
        }),
      );
    }
    expect(seen.has("usable")).toBe(true);
    expect(seen.size).toBeGreaterThan(2);
  });

  it("of a tokeniser are refused, or give one that encodes", async () => {
    const folder = newFolder();
    const words = ["<s>", "▁", "c", "a", "t", "▁c", "at", "▁cat", "cat"];
    const source = Buffer.from(
      JSON.stringify({
        added_tokens: [{ id: 0, content: "<s>", special: true }],
        normalizer: { type: "Replace", pattern: { String: " " }, content: "▁" },
        pre_tokenizer: null,
        post_processor: null,
        decoder: { type: "Replace", pattern: { String: "▁" }, content: " " },
        model: {
          type: "BPE",
          unk_token: "<s>",
          byte_fallback: false,
          vocab: Object.fromEntries(words.map((word, i) => [word, i])),
          merges: ["▁ c", "a t", "▁c at"],
        },
      }),
    );
    const seen = new Set<string>();
    for (let i = 0; i < 400; i++) {
      writeFileSync(join(folder, "tokenizer.json"), mutated(source, random(i, "tokeniser")));
      seen.add(
        await outcome(() => {
          const tokenizer = readTokenizer(folder, "auto", undefined);
          const ids = tokenizer.encode("cat cat");
          expect(ids.every((id) => Number.isInteger(id) && id >= 0)).toBe(true);
          expect(typeof ids.map((id) => tokenizer.tokenText(id)).join("")).toBe("string");
        }),
      );
    }
    expect([...seen].sort()).toEqual(["tokenizer-unusable", "usable"]);
  });
});
