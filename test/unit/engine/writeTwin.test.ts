import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { WriteTwinParams, WrittenTwin } from "../../../src/protocol/engine";
import type { Problem } from "../../../src/protocol/problem";
import { openModel } from "../../../src/engine/models/openModel";
import { logProbabilityCheck } from "../../../src/engine/models/twinModelCheck";
import { embeddedModelFolder } from "../../../src/engine/embeddedModel";
import { writeTwin } from "../../../src/engine/writeTwin";
import { hasOthers, newFolder, others } from "../models/support";

const quiet = { onProgress: () => undefined };
const hooks = () => ({ signal: new AbortController().signal, ...quiet });
const params = (more: Partial<WriteTwinParams>): WriteTwinParams => ({
  model: "embedded-small",
  out: join(newFolder(), "twin"),
  condition: 100,
  seed: 0,
  ...more,
});

async function written(more: Partial<WriteTwinParams>): Promise<WrittenTwin> {
  const outcome = await writeTwin(params(more), hooks());
  if (!outcome.ok) throw new Error(outcome.problems.map(({ message }) => message).join(" "));
  return outcome.value;
}

async function refused(more: Partial<WriteTwinParams>): Promise<Problem> {
  const outcome = await writeTwin(params(more), hooks());
  if (outcome.ok) throw new Error("expected a refusal");
  return outcome.problems[0]!;
}

/** Rows of log p [prompts, vocabulary] after the texts. */
async function logProbabilities(path: string, texts: readonly string[]): Promise<Float64Array[]> {
  const model = await openModel(path, { bos: "auto" });
  const prompts = texts.map((text) => {
    const ids = model.tokenizer.encode(text);
    return { ids, finalAt: [ids.length - 1], residualAt: [] };
  });
  const { final } = await model.forward(prompts, { layers: [] });
  const rows = [];
  for (const [f] of final) {
    const logits = Float64Array.from(await model.logits(f!));
    const most = Math.max(...logits);
    const logZ = most + Math.log(logits.reduce((sum, x) => sum + Math.exp(x - most), 0));
    rows.push(logits.map((x) => x - logZ));
  }
  await model.close();
  return rows;
}

/** Jensen–Shannon divergence of two rows of log p. */
function jensenShannon(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (const [i, x] of a.entries()) {
    const middle = Math.log((Math.exp(x) + Math.exp(b[i]!)) / 2);
    sum += (Math.exp(x) * (x - middle) + Math.exp(b[i]!) * (b[i]! - middle)) / 2;
  }
  return sum;
}

const texts = [
  "The superlative of easy is",
  "The capital of France is",
  "Repeat the word old:",
  "The past tense of go",
];

describe.each([
  { model: "embedded-small", sizes: [96, 160] },
  { model: "embedded-wide", sizes: [160, 201] },
])("an equivalent twin of $model", ({ model, sizes }) => {
  it.each(sizes)("of hidden size %i has its distribution, and says what it is", async (hiddenSize) => {
    const twin = await written({ model, hiddenSize, seed: 7 });
    expect(twin.hiddenSize).toBe(hiddenSize);
    expect(twin.checks.map(({ ok }) => ok)).toEqual([true, true, true, true]);
    expect(twin.checks.at(-1)!.name).toBe(logProbabilityCheck);
    expect(twin.checks.at(-1)!.value).toBeLessThan(1e-5);
    expect(twin.checks.at(-1)!.value).toBeGreaterThan(0);
    const [a, b] = [
      await logProbabilities(embeddedModelFolder(model), texts),
      await logProbabilities(twin.folder, texts),
    ];
    const divergences = a.map((row, i) => jensenShannon(row, b[i]!));
    expect(divergences.reduce((x, y) => x + y, 0) / divergences.length).toBeLessThan(1e-9);
    const apart = Math.max(...a.flatMap((row, i) => [...row].map((x, k) => Math.abs(x - b[i]![k]!))));
    expect(apart).toBeLessThan(2e-4);

    const opened = await openModel(twin.folder, { bos: "auto" });
    expect(opened.note).toContain(`an equivalent twin of ${model} (small teaching model)`);
    await opened.close();
    const card = readFileSync(join(twin.folder, "README.md"), "utf8");
    for (const words of ["license: mit", `equivalent twin of ${model}`, "number of T: 100", "seed: 7"]) {
      expect(card).toContain(words);
    }
    expect(card).toContain(`hidden size: ${hiddenSize}`);
  });
});

describe.skipIf(!hasOthers)("equivalent twins of models made by others", () => {
  it.each([
    "models/stories260K",
    "models/stories260K/onnx/model_tied.onnx",
    "models/stories260K/onnx/model_with_past.onnx",
    "models/ple-c3M-s0",
    "models/lstm-c3M-s0",
    "exports/genai-tiny-random-gpt2-fp32",
  ])("%s", async (path) => {
    const twin = await written({ model: join(others, path), hiddenSize: 150 });
    expect(twin.hiddenSize).toBe(150);
    expect(twin.checks.every(({ ok }) => ok)).toBe(true);
    expect(twin.checks.at(-1)!.value).toBeLessThan(1e-5);
  });
});

describe("the folder of a twin", () => {
  it("is written again to the last digit", async () => {
    const [a, b, c] = [await written({ seed: 3 }), await written({ seed: 3 }), await written({ seed: 4 })];
    const graphs = [a, b, c].map(({ file }) => readFileSync(file));
    expect(graphs[0]!.equals(graphs[1]!)).toBe(true);
    expect(graphs[0]!.equals(graphs[2]!)).toBe(false);
  });

  it("may be there if it is empty, and is left alone where it is not", async () => {
    const out = join(newFolder(), "twin");
    mkdirSync(out);
    expect((await written({ out })).folder).toBe(out);
    const before = readdirSync(out).sort();
    expect(await refused({ out })).toMatchObject({ kind: "usage", code: "twin-folder-taken" });
    expect(readdirSync(out).sort()).toEqual(before);
    const file = join(newFolder(), "file");
    writeFileSync(file, "");
    expect((await refused({ out: file })).code).toBe("twin-folder-taken");
    expect((await refused({ out: join(newFolder(), "a", "b") })).code).toBe("twin-folder-place");
  });

  it("is not made for what cannot be asked for", async () => {
    expect(await refused({ hiddenSize: 95 })).toMatchObject({ kind: "usage", code: "twin-hidden-size" });
    expect((await refused({ hiddenSize: 100.5 })).code).toBe("twin-hidden-size");
    for (const condition of [0.5, 2e6, NaN]) expect((await refused({ condition })).code).toBe("twin-condition");
  });

  it("is not there, nor anything beside it, where the writing was cancelled or the twin failed", async () => {
    const place = newFolder();
    const controller = new AbortController();
    const cancelled = writeTwin(params({ out: join(place, "twin") }), {
      signal: controller.signal,
      onProgress: ({ phase }) => {
        if (phase === "write") controller.abort();
      },
    });
    await expect(cancelled).rejects.toThrow();
    expect(controller.signal.aborted).toBe(true);
    expect(readdirSync(place)).toEqual([]);

    const failed = await refused({ condition: 1e6, out: join(place, "twin") });
    expect(failed).toMatchObject({ kind: "model", code: "twin-not-equivalent" });
    expect(failed.message).toContain(logProbabilityCheck);
    expect(readdirSync(place)).toEqual([]);
  });

  it("is told about as it is written", async () => {
    const fractions: number[] = [];
    await writeTwin(params({}), { ...hooks(), onProgress: ({ fraction }) => void fractions.push(fraction) });
    expect(fractions.at(-1)).toBe(1);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
  });
});
