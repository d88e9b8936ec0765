import { beforeAll, describe, expect, it } from "vitest";
import { vocabularyGeometry } from "../../../src/engine/analysis/geometry/geometry";
import { logitVectors } from "../../../src/engine/analysis/parallelism/logRatios";
import type { TwinFamily } from "../../../src/engine/analysis/twins/twin";
import { inline } from "../../../src/engine/compute/tasks";
import type { Floats } from "../../../src/engine/models/languageModel";
import { allRows } from "../../../src/engine/sections/activationRows";
import type { Study } from "../../../src/engine/sections/study";
import { keptTokens } from "../../../src/engine/twins/keptTokens";
import type { Recording } from "../../../src/engine/twins/recordingModel";
import { noFigures } from "../../../src/engine/sections/sectionFigures";
import { twinStudy } from "../../../src/engine/twins/twinStudy";
import { twinStudyData } from "../../../src/engine/twins/twinStudyData";
import { relativeDifference } from "../analysis/toyModel";
import { embeddedStudy } from "./embeddedStudy";

let study: Study;
let recording: Recording;
beforeAll(async () => {
  ({ study, recording } = await embeddedStudy("superlative.relation.yaml", (relation) => ({
    ...relation,
    samples: relation.samples.slice(0, 8),
  })));
});

const member = (family: TwinFamily | null, number = 0) => ({ family, number, condition: 100 });
const cases: [TwinFamily, "all" | "kept"][] = [
  ["changeOfBasis", "all"],
  ["changeOfBasis", "kept"],
  ["changeOfDimension", "all"],
  ["changeOfDimension", "kept"],
];

/** The study with a bias in its output projection, as some models have one. */
function biased(): Study {
  const { unembedding } = study.model;
  const bias = Float32Array.from({ length: unembedding.vocabularySize }, (_, id) => Math.sin(id));
  const withBias = { ...unembedding, bias };
  const model = { ...study.model, unembedding: withBias };
  return { ...study, model, geometry: vocabularyGeometry(withBias) };
}

describe.each(cases)("twins: %s over %s tokens", (family, which) => {
  it.each([false, true])("have the model's logits to 1e-9 (bias: %s)", async (bias) => {
    const own = bias ? biased() : study;
    const kept = which === "all" ? null : keptTokens(own, recording, noFigures);
    const data = twinStudyData(own, recording, kept);
    const itself = twinStudy(data, member(null), inline);
    const twin = twinStudy(data, member(family), inline);
    const logits = async ({ model, activations: { f, fSubject } }: Study): Promise<[Floats, Floats]> => [
      await model.logits(f),
      await model.logits(fSubject),
    ];
    const expected = await logits(itself);
    const found = await logits(twin);
    expect(found[0].length).toBe(own.set.prompts.length * (kept?.length ?? 3943));
    for (const k of [0, 1] as const) expect(relativeDifference(found[k], expected[k])).toBeLessThan(1e-11);
    // Another model all the same.
    expect(relativeDifference(twin.activations.f.slice(0, 96), itself.activations.f.slice(0, 96))).toBeGreaterThan(0.1);
    expect(twin.readouts.map(({ answer }) => answer)).toEqual(itself.readouts.map(({ answer }) => answer));

    // The logits of the model itself, by its definition in float64.
    const { weight, bias: b, hiddenSize } = own.model.unembedding;
    const ids = kept ?? Array.from({ length: own.model.unembedding.vocabularySize }, (_, id) => id);
    const f = own.activations.fSubject.subarray(0, hiddenSize);
    const direct = ids.map((id) => Array.from(f).reduce((sum, x, j) => sum + x * (weight[id * hiddenSize + j] ?? NaN), b?.[id] ?? 0)); // prettier-ignore
    expect(relativeDifference(found[1].subarray(0, ids.length), direct)).toBeLessThan(1e-6);
  });

  it("have the geometry of their own unembeddings, without a pass over the vocabulary", () => {
    const kept = which === "all" ? null : keptTokens(study, recording, noFigures);
    const data = twinStudyData(study, recording, kept);
    const { geometry, model } = twinStudy(data, member(family, 3), inline);
    if (kept === null) {
      const explicit = vocabularyGeometry({ ...model.unembedding, bias: null });
      expect(relativeDifference(geometry.covariance.data, explicit.covariance.data)).toBeLessThan(1e-11);
      expect(relativeDifference(geometry.mean, explicit.mean)).toBeLessThan(1e-11);
      expect(geometry.tokens).toEqual(study.geometry.tokens);
    }
    // A change of dimension appends 12 coordinates in which g varies, and 12 in which it does not.
    const extra = family === "changeOfBasis" ? 0 : 12;
    expect([geometry.dimension, geometry.rank]).toEqual([96 + 2 * extra, 96 + extra]);
    // ⟨f, f'⟩ = fᵀ Cov(g) f' follows from the distribution, the causal ⟨g, g'⟩ = gᵀ Cov(g)⁻¹ g' from the basis as well.
    const rows = allRows(study.activations.f, 96);
    const twins = twinStudy(data, member(family, 3), inline);
    const own = study.geometry.embed(rows);
    const other = geometry.embed(allRows(twins.activations.f, geometry.dimension));
    expect(relativeDifference(logitVectors(other, other).data, logitVectors(own, own).data)).toBeLessThan(1e-6);
  });
});

describe("a twin's model", () => {
  it("answers what was recorded, and refuses all else", async () => {
    const ids = study.model.tokenizer.encode("The word easy");
    const prompt = { ids, finalAt: [ids.length - 1], residualAt: [] };
    await study.model.forward([prompt], { layers: [] });
    const { model } = twinStudy(twinStudyData(study, recording, null), member("changeOfBasis"), inline);
    expect(model.tokenizer.encode("The word easy")).toEqual(ids);
    const { final } = await model.forward([prompt], { layers: [] });
    expect(final[0]?.[0]).toHaveLength(96);
    const itself = await study.model.forward([prompt], { layers: [] });
    const logits = await model.logits(final[0]?.[0] ?? new Float64Array());
    expect(relativeDifference(logits, await study.model.logits(itself.final[0]?.[0] ?? new Float32Array()))).toBeLessThan(1e-5); // prettier-ignore

    expect(() => model.tokenizer.encode("never seen")).toThrow("was not");
    await expect(model.forward([{ ...prompt, ids: [1, 1, 1], finalAt: [2] }], { layers: [] })).rejects.toThrow();
    await expect(model.forward([prompt], { layers: [1] })).rejects.toThrow("hidden layer");
    const injections = [{ layer: 0, at: 0, vector: new Float32Array(96) }];
    await expect(model.forward([{ ...prompt, injections }], { layers: [] })).rejects.toThrow("intervention");
  });

  it("refuses f that was rounded to float32", async () => {
    const { model, activations } = twinStudy(twinStudyData(study, recording, null), member("changeOfBasis"), inline);
    await expect(model.logits(Float32Array.from(activations.f))).rejects.toThrow("float32");
  });

  it("knows the same words under other numbers where the vocabulary is restricted", () => {
    const kept = keptTokens(study, recording, noFigures);
    const twin = twinStudy(twinStudyData(study, recording, kept), member("changeOfBasis"), inline);
    expect(twin.readouts.map(({ answer }) => kept[answer])).toEqual(study.readouts.map(({ answer }) => answer));
    expect(twin.readouts.map(({ top }) => kept[top[0]?.id ?? -1])).toEqual(study.readouts.map(({ top }) => top[0]?.id));
    expect(twin.geometry.tokens.length).toBeLessThan(kept.length + 1);
  });
});
