import { mkdtempSync, readdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { vocabularyGeometry } from "../../../src/engine/analysis/geometry/geometry";
import { modelGeometry } from "../../../src/engine/geometry/modelGeometry";
import { cacheFolder } from "../../../src/engine/geometry/statisticsCache";
import { unembeddingCovariance } from "../../../src/engine/geometry/unembeddingCovariance";
import { rowCovariance } from "../../../src/engine/linalg/covariance";
import { random } from "../../../src/engine/linalg/random";
import type { LanguageModel, Unembedding } from "../../../src/engine/models/languageModel";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "relation-lens-geometry-"))));
afterEach(() => rmSync(folder, { recursive: true }));

describe("unembeddingCovariance", () => {
  for (const withBias of [false, true]) {
    test(`agrees with sums in this process, ${withBias ? "with" : "without"} a bias, over several blocks`, async () => {
      const unembedding = weights(5000, 24, withBias, [0, 17, 4999]);
      const { mean, covariance } = await unembeddingCovariance(unembedding);
      const d = withBias ? 25 : 24;
      const ids = Array.from({ length: 5000 }, (_, id) => id).filter((id) => !unembedding.excluded.includes(id));
      const expected = rowCovariance(ids, d, (id, target) => {
        for (let j = 0; j < 24; j++) target[j] = unembedding.weight[id * 24 + j]!;
        if (withBias) target[24] = unembedding.bias![id]!;
      });
      for (let j = 0; j < d; j++) expect(mean[j]).toBeCloseTo(expected.mean[j]!, 12);
      for (let k = 0; k < d * d; k++) expect(covariance.data[k]).toBeCloseTo(expected.covariance.data[k]!, 12);
    });
  }

  test("a mean a million times the spread costs no more than its digits", async () => {
    const unembedding = weights(300, 4, false, [], 1e6);
    const ids = Array.from({ length: 300 }, (_, id) => id);
    const { covariance } = await unembeddingCovariance(unembedding);
    const expected = rowCovariance(ids, 4, (id, target) => {
      for (let j = 0; j < 4; j++) target[j] = unembedding.weight[id * 4 + j]!;
    });
    for (let k = 0; k < 16; k++) {
      expect(Math.abs(covariance.data[k]! - expected.covariance.data[k]!)).toBeLessThan(
        1e-9 * expected.covariance.data[0]!,
      );
    }
  });
});

describe("modelGeometry", () => {
  // V d² just above the size from which a file is kept.
  const large = () => weights(16_000, 256, false, [3]);

  test("keeps the covariance of a large vocabulary, and reads the same again", async () => {
    const model = modelOf(large());
    const first = await modelGeometry(model, folder);
    expect(readdirSync(folder)).toHaveLength(1);
    const again = await modelGeometry(model, folder);
    expect(again.rank).toBe(first.rank);
    expect(again.factor.data).toEqual(first.factor.data);
    const direct = vocabularyGeometry(model.unembedding);
    expect(again.rank).toBe(direct.rank);
    expect(again.factor.data[0]).toBeCloseTo(direct.factor.data[0]!, 10);
  });

  test("computes anew for a file that changed, and for one that was cut short", async () => {
    const model = modelOf(large());
    await modelGeometry(model, folder);
    const kept = join(folder, readdirSync(folder)[0]!);
    truncateSync(kept, 800);
    const { rank } = await modelGeometry(model, folder);
    expect(rank).toBe(256);
    utimesSync(model.description.file, new Date(0), new Date(0));
    await modelGeometry(model, folder);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  test("a folder that cannot be written is no obstacle", async () => {
    const file = join(folder, "not-a-folder");
    writeFileSync(file, "");
    expect((await modelGeometry(modelOf(large()), join(file, "cache"))).rank).toBe(256);
  });

  test("writes nothing for a small vocabulary", async () => {
    expect((await modelGeometry(modelOf(weights(100, 8, false, [])), folder)).rank).toBe(8);
    expect(readdirSync(folder).filter((name) => name.startsWith("unembedding"))).toEqual([]);
  });

  function modelOf(unembedding: Unembedding): LanguageModel {
    const outside = mkdtempSync(join(tmpdir(), "relation-lens-model-"));
    const file = join(outside, "model.onnx");
    writeFileSync(file, "not read");
    return { unembedding, description: { file } } as unknown as LanguageModel;
  }
});

test("the cache lies where the environment says", () => {
  expect(cacheFolder({ RELATION_LENS_CACHE: "/somewhere" })).toBe("/somewhere");
  if (process.platform === "linux") expect(cacheFolder({ XDG_CACHE_HOME: "/c" })).toBe(join("/c", "relation-lens"));
});

function weights(tokens: number, d: number, withBias: boolean, excluded: number[], offset = 0.3): Unembedding {
  const draws = random(tokens + d, "geometry");
  const normal = (n: number) => Float32Array.from({ length: n }, () => draws.normal() + offset);
  return {
    weight: normal(tokens * d),
    bias: withBias ? normal(tokens) : null,
    vocabularySize: tokens,
    hiddenSize: d,
    excluded,
  };
}
