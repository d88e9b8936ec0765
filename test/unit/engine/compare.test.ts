import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { analyze, writeTwin } from "../../../src/engine/engine";
import type { AnalyzeParams, AnalyzeSettings } from "../../../src/protocol/engine";
import type { Comparison, Report } from "../../../src/protocol/report";

const root = join(import.meta.dirname, "../../..");
const stories = join(root, "../shared/models");
const hooks = { signal: new AbortController().signal, onProgress: () => undefined };
const settings: AnalyzeSettings = {
  ...{ model: "embedded-small", seed: 1, layers: "last", bos: "auto", twins: 1 },
  only: ["parallelism", "linearity"],
};

/** Spelled in bytes by the embedded models, which were never trained on them. */
const unreadable = "Zyzzyva zzxjoanw qwrtpsd";

let folder: string;
/** A quarter of the product's passages: enough for every figure. */
let contexts: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "compare-models-"));
  contexts = join(folder, "contexts.txt");
  const all = (await readFile(join(root, "contexts/general.txt"), "utf8")).trim().split("\n\n");
  await writeFile(contexts, [...all.filter((_, i) => i % 4 === 1), unreadable].join("\n\n"));
});
afterAll(() => rm(folder, { recursive: true }));

async function compared(params: Partial<AnalyzeParams> = {}): Promise<Report & { readonly comparison: Comparison }> {
  const file = join(root, "samples/superlative.relation.yaml");
  const outcome = await analyze({ file, settings: { ...settings, contexts }, ...params }, hooks);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  const { comparison } = outcome.value;
  if (comparison === null) throw new Error("there is no comparison");
  return { ...outcome.value, comparison };
}

async function twinOf(model: string, hiddenSize?: number): Promise<string> {
  const out = join(folder, `twin-${hiddenSize ?? "same"}`);
  const written = await writeTwin(
    { model, out, condition: 100, seed: 5, ...(hiddenSize !== undefined && { hiddenSize }) },
    hooks,
  );
  if (!written.ok) throw new Error(JSON.stringify(written.problems));
  return out;
}

const far = (a: number | null | undefined, b: number | null | undefined) => Math.abs((a ?? NaN) - (b ?? NaN));

describe.each([
  ["the same hidden size", undefined],
  ["another hidden size", 112],
])("a model and its written twin of %s", (_, hiddenSize) => {
  let report: Report & { readonly comparison: Comparison };
  beforeAll(async () => {
    // With the product's own contexts: held out, canonical correlations of 96 dimensions need several hundred.
    report = await compared({ compare: await twinOf("embedded-small", hiddenSize), settings });
  }, 600_000);

  it("have the same distribution and linear maps to each other", () => {
    const { distances, relationDistances, equivalence, effectiveComplexity } = report.comparison;
    for (const set of [distances, relationDistances]) {
      expect(set?.jensenShannon).toBeLessThan(1e-6);
      expect(set?.logLikelihoodVariance).toBeLessThan(1e-3);
      expect(set?.sameTopToken).toBe(1);
    }
    expect(equivalence?.r2Forward).toBeGreaterThan(0.9999);
    expect(equivalence?.r2Backward).toBeGreaterThan(0.9999);
    expect(equivalence?.meanCanonicalCorrelation).toBeGreaterThan(0.9999);
    expect(equivalence?.cka).toBeGreaterThan(0.9999);
    expect(equivalence?.dSvd).toBeLessThan(1e-4);
    expect(effectiveComplexity?.[0]).toBe(effectiveComplexity?.[1]);
    expect(report.comparison.vocabularyShared).toBe(1);
  });

  it("agree on what is identifiable to 1e-4, and visibly not on what depends on the basis", () => {
    const { verdicts, headline } = report.comparison;
    const identifiable = verdicts.filter((row) => row.identifiable === "always");
    expect(identifiable.length).toBeGreaterThan(5);
    for (const { property, left, right } of identifiable) expect(far(left, right), property).toBeLessThan(1e-4);
    const euclidean = verdicts.find(({ property }) => property === "parallelism, Euclidean");
    expect(euclidean?.verdict).toBe("depends on the basis");
    expect(far(euclidean?.left, euclidean?.right)).toBeGreaterThan(0.01);
    expect(report.comparison.equivalence?.ckaEuclidean).toBeLessThan(0.99);
    expect(report.comparison.unitMatching?.meanCorrelation).toBeLessThan(0.9);
    expect(headline[0]).toMatch(/^The same next-token distribution/);
    expect(headline.join()).toContain(`these agree on ${identifiable.length} of ${identifiable.length}.`);
  });

  it("share figures that need diversity only where the hidden size is the same", () => {
    const causal = report.comparison.verdicts.find(({ property }) => property === "parallelism, causal");
    expect(causal?.identifiable).toBe("underDiversity");
    if (hiddenSize === undefined) expect(far(causal?.left, causal?.right)).toBeLessThan(1e-4);
    else expect(far(causal?.left, causal?.right)).toBeGreaterThan(0.005);
  });
});

describe("two teaching models of other sizes", () => {
  let report: Report & { readonly comparison: Comparison };
  beforeAll(async () => {
    report = await compared({ compare: "embedded-wide" });
  }, 600_000);

  it("have nothing of what equivalent models must have", () => {
    const { distances, equivalence, headline } = report.comparison;
    expect(distances?.jensenShannon).toBeGreaterThan(1e-3);
    expect(distances?.logLikelihoodVariance).toBeGreaterThan(1e-1);
    expect(equivalence?.r2Forward).toBeLessThan(0.95);
    expect(equivalence?.r2Backward).toBeLessThan(0.95);
    expect(equivalence?.dSvd).toBeGreaterThan(1e-2);
    expect(headline[0]).toMatch(/^Different next-token distributions/);
    expect(headline.join()).not.toContain("must agree");
  });

  it("are in one report with both analyses, whose JSON has every number", () => {
    const { comparison, settings: used, timing } = report;
    expect(used).toMatchObject({ compare: "embedded-wide", contexts, model: "embedded-small" });
    expect(comparison.other.model).toMatchObject({ id: "embedded-wide", hiddenSize: 160 });
    expect(comparison.other.comparison).toBeNull();
    expect(comparison.other.summary.properties.length).toBeGreaterThan(5);
    expect(comparison.contexts).toMatchObject({ source: contexts, passages: 50, leftOut: 1 });
    expect(timing.stages?.["comparison"]).toBeGreaterThan(0);
    expect(timing.total).toBeGreaterThan(comparison.other.timing.total);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});

it("is the same to the last digit when it is run again", async () => {
  const small = { ...settings, contexts, only: ["parallelism"] as const, twins: 0 };
  const [first, again] = [
    await compared({ compare: "embedded-wide", settings: small }),
    await compared({ compare: "embedded-wide", settings: small }),
  ];
  const without = ({ comparison }: typeof first) => ({ ...comparison, other: { ...comparison.other, timing: null } });
  expect(without(again)).toEqual(without(first));
}, 600_000);

it("a second model that cannot be used is told before anything is computed", async () => {
  const file = join(root, "samples/superlative.relation.yaml");
  const phases: string[] = [];
  const outcome = await analyze(
    { file, settings, compare: folder },
    { ...hooks, onProgress: ({ phase }) => phases.push(phase) },
  );
  expect(outcome.ok).toBe(false);
  expect(outcome.problems[0]).toMatchObject({ kind: "model", code: "model-no-graph" });
  expect(phases).not.toContain("parallelism");
});

it("contexts that cannot be used are told before a model is opened", async () => {
  const file = join(root, "samples/superlative.relation.yaml");
  const outcome = await analyze(
    { file, settings: { ...settings, contexts: join(folder, "none.txt") }, compare: "embedded-wide" },
    hooks,
  );
  expect(outcome.problems[0]).toMatchObject({ code: "contexts-missing" });
});

describe.skipIf(!existsSync(stories))("models with other architectures", () => {
  it("a transformer and an LSTM, which has no layers", async () => {
    const { comparison } = await compared({
      file: join(root, "samples/past-tense.relation.yaml"),
      settings: { ...settings, contexts, model: join(stories, "ple-c3M-s0"), bos: "always", twins: 0, layers: "last" },
      compare: join(stories, "lstm-c3M-s0"),
    });
    expect(comparison.distances?.jensenShannon).toBeGreaterThan(1e-3);
    expect(comparison.equivalence?.r2Forward).toBeLessThan(0.99);
    for (const { left, right, matrix } of comparison.layerMaps) {
      expect([left, right]).toEqual([[6, "final"], ["final"]]);
      expect(matrix.map((cells) => cells.length)).toEqual([1, 1]);
    }
  }, 600_000);
});
