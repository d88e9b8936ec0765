import { describe, expect, it } from "vitest";
import type { LinearityFit, ProbeResult } from "../../../src/protocol/report";
import { fitLayers, fitsByTemplate, readFit } from "../../../webview/figures/linearityRows";
import { maps, matrixTable } from "../../../webview/figures/parallelismMaps";
import { probeSeries, readProbes } from "../../../webview/figures/probeSeries";
import { overlapMatrix, spaces } from "../../../webview/figures/subspaceTables";
import { exampleReport } from "../../fixtures/reports/example";

const report = exampleReport();
const fit = report.linearity[0]!;
const curve = probeSeries(report.probes)[0]!;
const withProbes = (change: (probe: ProbeResult, i: number) => Partial<ProbeResult>) => ({
  ...curve,
  results: curve.results.map((probe, i) => ({ ...probe, ...change(probe, i) })),
});

describe("probe curves", () => {
  it("has one series a task and context, layers in order whatever their order in the report", () => {
    const series = probeSeries(report.probes.toReversed());
    expect(series.map(({ context }) => context)).toEqual(["bare word", "The word {}"]);
    for (const { results } of series) expect(results.map(({ layer }) => layer)).toEqual([0, 1, 2, 3, 4, "final"]);
  });
  it("never presents as a finding what the embeddings give already", () => {
    expect(readProbes(curve).kind).toBe("inEmbedding");
    const late = withProbes((_, i) => (i === 0 ? { accuracy: 0.55, interval: [0.36, 0.73] } : {}));
    expect(readProbes(late).kind).toBe("readable");
  });
  it("says that there is no signal where the best interval reaches majority or control", () => {
    expect(readProbes(withProbes(() => ({ controlUpper: 0.85 }))).kind).toBe("noSignal");
    expect(readProbes(withProbes(() => ({ majority: 0.9 }))).kind).toBe("noSignal");
  });
});

describe("fits", () => {
  const read = (change: Partial<LinearityFit>) => readFit({ ...fit, ...change });
  it("reads a fit by its interval and p", () => {
    expect(read({})).toBe("better");
    expect(read({ p: 0.2 })).toBe("unclear");
    expect(read({ interval: [-0.1, 0.4] })).toBe("unclear");
    expect(read({ interval: [-0.1, 0.4], n: 12 })).toBe("tooFew");
    expect(read({ interval: [-0.5, -0.1] })).toBe("worse");
    expect(read({ distinctTopAnswers: 1 })).toBe("noInformation");
    expect(read({ r2Logit: null })).toBe("notComputed");
    expect(read({ estimator: "translation" })).toBe("baseline");
  });
  it("does not call a fit better that has no test", () => {
    expect(read({ p: null })).toBe("untested");
  });
  it("groups by phrasing in the file's order, the pooled fit first, fits before baselines", () => {
    const { templates } = report.relation;
    const fits = [...report.linearity.toReversed(), { ...fit, template: "*" }, { ...fit, layer: 2 }];
    expect(fitLayers(fits)).toEqual([2, "final"]);
    const groups = fitsByTemplate(fits, templates, "final");
    expect(groups.map(({ template }) => template)).toEqual(["*", ...templates]);
    expect(groups[1]?.fits.map(({ estimator }) => estimator)).toEqual([
      "leastSquares",
      "translation",
      "identity",
      "shuffled",
      "mean",
    ]);
  });
});

describe("parallelism", () => {
  const parallelism = report.parallelism!;
  it("offers the geometries that were computed", () => {
    expect(maps(parallelism).map(({ geometry }) => geometry)).toEqual([
      "distributional",
      "causal",
      "euclidean",
      "embeddingsCausal",
    ]);
    expect(maps({ ...parallelism, causal: null, embeddings: null })).toHaveLength(2);
  });
  it("writes the matrix in the order that is drawn, in full precision", () => {
    const { matrix } = parallelism.distributional!;
    const table = matrixTable(parallelism.pairs, matrix, [2, 0], "cosine");
    expect(table.columns.map(({ label }) => label)).toEqual(["cosine", "happy \u2192 happiest", "easy \u2192 easiest"]);
    expect(table.rows[0]?.map(({ value }) => value)).toEqual(["happy \u2192 happiest", matrix[2]![2], matrix[2]![0]]);
  });
});

describe("subspaces", () => {
  it("gives phrasings their letters and fills a symmetric map", () => {
    const named = spaces(report.subspaces.toReversed(), report.relation.templates);
    expect(named.map(({ letter, text }) => [letter, text])).toEqual(
      report.relation.templates.map((text, i) => ["ABC"[i], text]),
    );
    const matrix = overlapMatrix(report.subspaces, named);
    expect(matrix[1]).toEqual([report.subspaces[0]!.overlap, 1, report.subspaces[2]!.overlap]);
    expect(matrix.map((row) => row[1])).toEqual(matrix[1]);
    expect(overlapMatrix(report.subspaces.slice(0, 1), named)[2]).toEqual([NaN, NaN, 1]);
  });
});
