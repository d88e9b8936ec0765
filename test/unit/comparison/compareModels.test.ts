import { beforeAll, describe, expect, test } from "vitest";
import { compareModels, type ComparedModels } from "../../../src/engine/comparison/compareModels";
import { comparisonProgress } from "../../../src/engine/comparison/comparisonProgress";
import type { Progress } from "../../../src/protocol/engine";
import { report } from "../cli/support";
import { linearModel, linearStudy, relationA, subjects } from "../sections/linearModel";
import { renumbered, sharpened } from "./renumbered";

const passages = {
  source: "general",
  texts: Array.from(
    { length: 30 },
    (_, i) => `w${i} ${subjects[i % 24] ?? ""} qa a1 w${i + 20} ${subjects[(5 * i) % 24] ?? ""} qb b2 w3`,
  ),
};
const steps: Progress[] = [];
const hooks = (signal = new AbortController().signal) =>
  comparisonProgress({ signal, onProgress: (progress) => steps.push(progress) }, "a", "b").comparison;
const [left, other] = [report, { ...report, model: { ...report.model, id: "other" } }];

describe("a model and the same one under other numbers", () => {
  let result: ComparedModels;
  beforeAll(async () => {
    const [own, twin] = [await linearStudy(), await linearStudy({ model: renumbered(linearModel()) })];
    result = await compareModels(
      { study: own.study, report: left },
      { study: twin.study, report: other },
      passages,
      hooks(),
    );
  });

  test("are equivalent in every figure", () => {
    const { distances, relationDistances, equivalence, effectiveComplexity, complexity } = result.comparison;
    for (const set of [distances, relationDistances]) {
      expect(set?.jensenShannon).toBeLessThan(1e-9);
      expect(set?.logLikelihoodVariance).toBeLessThan(1e-6);
    }
    expect(equivalence?.r2Forward).toBeGreaterThan(0.9999);
    expect(equivalence?.r2Backward).toBeGreaterThan(0.9999);
    expect(equivalence?.cka).toBeCloseTo(1, 6);
    expect(equivalence?.dSvd).toBeLessThan(1e-6);
    expect(effectiveComplexity?.[0]).toBe(effectiveComplexity?.[1]);
    expect(complexity?.participationRatio[1]).toBeCloseTo(complexity?.participationRatio[0] ?? NaN, 6);
    expect(result.comparison.headline[0]).toMatch(/^The same next-token distribution/);
  });

  test("say what they were compared on", () => {
    const { contexts, vocabulary, vocabularyShared, other: inside, model } = result.comparison;
    expect(contexts).toMatchObject({ source: "general", passages: 30, leftOut: 0 });
    expect(contexts?.contexts).toBe(30 * 7);
    const words = linearModel().unembedding.vocabularySize - 1;
    expect(vocabulary).toEqual({ matched: words, left: words, right: words + 1 });
    expect([vocabularyShared, inside.model.id, model.id]).toEqual([1, "other", "other"]);
    expect(result.tokens).toBeGreaterThan(2 * 30 * 8);
    expect(result.warnings).toEqual([]);
  });

  test("have a map of layers by CKA and one by subspaces for each template", () => {
    const { layerMaps } = result.comparison;
    expect(layerMaps.map(({ measure, template }) => [measure, template])).toEqual([
      ["cka", null],
      ...relationA.templates.map((template) => ["subspaceOverlap", template]),
    ]);
    for (const { matrix, left: own, right } of layerMaps) {
      expect([own, right]).toEqual([
        [0, 1, 2, "final"],
        [0, 1, 2, "final"],
      ]);
      expect([matrix.length, matrix[0]?.length]).toEqual([4, 4]);
      expect(matrix[3]?.[3]).toBeCloseTo(1, 3);
    }
  });

  test("progress does not fall, and names what is compared", () => {
    const fractions = steps.map(({ fraction }) => fraction);
    expect(fractions.every((fraction, i) => i === 0 || fraction >= (fractions[i - 1] ?? 0))).toBe(true);
    expect(fractions.length).toBeGreaterThan(8);
    expect(new Set(steps.map(({ phase }) => phase))).toEqual(new Set(["comparison"]));
    expect(steps.map(({ detail }) => detail).join()).toContain("linear equivalence");
  });
});

test("models that predict otherwise are told apart", async () => {
  const [own, twin] = [await linearStudy(), await linearStudy({ model: sharpened(linearModel(), 0.3) })];
  const { comparison } = await compareModels(
    { study: own.study, report: left },
    { study: twin.study, report: other },
    passages,
    hooks(),
  );
  expect(comparison.distances?.jensenShannon).toBeGreaterThan(1e-3);
  expect(comparison.distances?.logLikelihoodVariance).toBeGreaterThan(1e-3);
  expect(comparison.headline[0]).toMatch(/^Different next-token distributions/);
});

test("too few contexts, and vocabularies with little in common, are warnings; without any, figures are null", async () => {
  const foreign = renumbered(linearModel());
  const renamed = {
    ...foreign,
    tokenizer: {
      ...foreign.tokenizer,
      tokenText: (id: number) => (id % 5 === 0 ? foreign.tokenizer.tokenText(id) : ` x${id}`),
    },
  };
  const [own, twin] = [await linearStudy(), await linearStudy({ model: renamed })];
  const { comparison, warnings } = await compareModels(
    { study: own.study, report: left },
    { study: twin.study, report: other },
    passages,
    hooks(),
  );
  expect(warnings.map(({ code, where }) => [code, where])).toEqual([
    ["vocabulary-little-shared", "comparison"],
    ["contexts-few", "comparison"],
  ]);
  expect(comparison).toMatchObject({
    distances: null,
    equivalence: null,
    unitMatching: null,
    contexts: { contexts: 0, leftOut: 30 },
  });
  expect(comparison.relationDistances?.n).toBe(48);
});

test("a cancelled comparison ends", async () => {
  const controller = new AbortController();
  const { study } = await linearStudy();
  controller.abort();
  const compared = { study, report: left };
  await expect(compareModels(compared, compared, passages, hooks(controller.signal))).rejects.toThrow(/abort/);
});

test("a bar for both models and the comparison", () => {
  const seen: Progress[] = [];
  const progress = comparisonProgress(
    { signal: new AbortController().signal, onProgress: (p) => seen.push(p) },
    "small",
    "wide",
  );
  progress.left.onProgress({ phase: "load", detail: "opening", fraction: 1, partial: { comparison: null } });
  progress.right.onProgress({ phase: "load", detail: "", fraction: 0.5, partial: { comparison: null } });
  progress.right.onProgress({ phase: "report", detail: "done", fraction: 1 });
  expect(seen.map(({ detail, fraction, partial }) => [detail, fraction, partial !== undefined])).toEqual([
    ["small: opening", 0.42, true],
    ["wide", expect.closeTo(0.63), false],
    ["wide: done", expect.closeTo(0.84), false],
  ]);
});
