import { describe, expect, it } from "vitest";
import type { PropertyRow } from "../../../src/protocol/report";
import { commonLayers, comparing, layerMatrix } from "../../../webview/figures/alignments";
import { fitLayers, fitsByTemplate } from "../../../webview/figures/linearityRows";
import { maps, matrixTable } from "../../../webview/figures/parallelismMaps";
import { nonLinearGap, probeSeries, probeTasks } from "../../../webview/figures/probeSeries";
import { overlapMatrix, spaces } from "../../../webview/figures/subspaceTables";
import { hull, twinRange } from "../../../src/formats/exports/twinRange";
import { rangeWords } from "../../../webview/figures/twins";
import { fitVerdict, probeVerdict, subspaceVerdict, verdictOf } from "../../../webview/figures/verdicts";
import { exampleReport } from "../../fixtures/reports/example";

const report = exampleReport();
const fit = report.linearity[0]!;

describe("verdicts", () => {
  const row = (path: string, verdict: string) => ({ ...report.summary.properties[0]!, path, verdict });
  it("are the report's own, found by the path of the figure that they are about", () => {
    const properties = [row("linearity[1].r2Logit", "odd words"), row("linearity[11].r2Logit", "other words")];
    const made = { ...report, summary: { headline: [], properties } };
    expect(fitVerdict(made, report.linearity[1]!)).toBe("odd words");
    expect(fitVerdict(made, report.linearity[11]!)).toBe("other words");
    expect(fitVerdict(made, report.linearity[0]!)).toBeNull();
    expect(verdictOf({}, "linearity[1]")).toBeNull();
  });
  it("change with the summary alone, whatever p and interval say", () => {
    const [probe, alignment] = [report.probes[5]!, report.subspaces[0]!];
    const properties = [row("probes[5].accuracy", "x"), row("subspaces[0].overlap", "y")];
    const made = { ...report, summary: { headline: [], properties } };
    expect([probeVerdict(made, probe), subspaceVerdict(made, alignment)]).toEqual(["x", "y"]);
  });
});

describe("ranges over twins", () => {
  const twins = {
    count: 3,
    fewer: {},
    condition: 100,
    changeOfBasis: { a: [0.2, 0.4] as const },
    changeOfDimension: { a: [0.1, 0.3] as const, b: [0.5, 0.5] as const },
  };
  const row = (path: string | null, identifiable: PropertyRow["identifiable"]) => ({
    ...report.summary.properties[0]!,
    path,
    value: path === "b" ? 0.5 : 0.25,
    identifiable,
  });
  it("cover both families", () => {
    const range = twinRange(row("a", "never"), twins);
    expect(range && hull(range)).toEqual([0.1, 0.4]);
    expect(twinRange(row("c", "never"), twins)).toBeNull();
    expect(twinRange(row(null, "never"), twins)).toBeNull();
    expect(twinRange(row("a", "never"), null)).toBeNull();
  });
  it("are a row's own only where they hold its value: at an array's path stands the entry that moves most", () => {
    const off = (identifiable: PropertyRow["identifiable"]) => ({ ...row("a", identifiable), value: 0.9 });
    expect(twinRange(off("never"), twins)).toBeNull();
    expect(twinRange(off("always"), twins)).toEqual({ basis: [0.9, 0.9], dimension: [0.9, 0.9] });
    expect(twinRange({ ...row("a", "never"), value: 0.4 + 1e-8 }, twins)).not.toBeNull();
  });
  it("are worded by the report's verdict, never by their width", () => {
    const words = (path: string, identifiable: PropertyRow["identifiable"]) => {
      const of = row(path, identifiable);
      const range = twinRange(of, twins);
      return range && rangeWords(of, range);
    };
    expect(words("a", "always")).toBe("unchanged in all twins");
    expect(words("a", "never")).toBe("moves 0.20 to 0.40");
    expect(words("a", "underDiversity")).toBe("moves 0.10 to 0.30");
    expect(words("b", null)).toBe("moves 0.50 to 0.50");
  });
});

describe("probe curves", () => {
  it("has one series a task, probe and pooling, layers in order whatever their order in the report", () => {
    const series = probeSeries(report.probes.toReversed());
    expect(series).toHaveLength(report.probes.length / 6);
    for (const { results } of series) expect(results.map(({ layer }) => layer)).toEqual([0, 1, 2, 3, 4, "final"]);
  });
  it("gathers the probes of one task", () => {
    const tasks = probeTasks(report.probes);
    expect(tasks.map(({ context }) => context)).toEqual(["The word {}", "bare word"]);
    expect(tasks[0]?.series.map(({ estimator, pooling }) => [estimator, pooling])).toEqual([
      ["logistic", "last"],
      ["logistic", "mean"],
      ["logistic", "moments"],
      ["mlp", "last"],
      ["implied", "last"],
    ]);
  });
  it("finds the layer at which an MLP adds most to the logistic probe of that layer", () => {
    const [logistic, , , mlp] = probeTasks(report.probes)[0]!.series;
    const at = (accuracies: readonly number[]) => ({
      ...mlp!,
      results: mlp!.results.map((result, i) => ({ ...result, accuracy: accuracies[i]! })),
    });
    const base = logistic!.results.map(({ accuracy }) => accuracy);
    expect(nonLinearGap(logistic!, at(base.map((a, i) => (i === 3 ? a + 0.05 : a - 0.1))))).toMatchObject({ layer: 3 });
    expect(nonLinearGap(logistic!, at(base.map((a) => a - 0.1)))?.gap).toBeCloseTo(-0.1, 12);
    expect(nonLinearGap(logistic!, { ...mlp!, results: [] })).toBeNull();
  });
});

describe("fits", () => {
  it("groups by phrasing in the file's order, the pooled fit first, fits before baselines", () => {
    const { templates } = report.relation;
    const fits = [...report.linearity.toReversed(), { ...fit, template: "*" }, { ...fit, layer: 7 }];
    expect(fitLayers(fits)).toEqual([0, 1, 2, 3, 4, 7, "final"]);
    const groups = fitsByTemplate(fits, templates, "final");
    expect(groups.map(({ template }) => template)).toEqual(["*", ...templates]);
    expect(groups[1]?.fits.map(({ estimator }) => estimator)).toEqual([
      "leastSquares",
      "kl",
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
      "general",
      "causal",
      "euclidean",
      "embeddingsCausal",
    ]);
    expect(maps({ ...parallelism, general: null, causal: null, embeddings: null })).toHaveLength(2);
  });
  it("writes the matrix in the order that is drawn, in full precision", () => {
    const { matrix } = parallelism.distributional!;
    const table = matrixTable(parallelism.pairs, matrix, [2, 0], "cosine");
    expect(table.columns.map(({ label }) => label)).toEqual(["cosine", "happy \u2192 happiest", "easy \u2192 easiest"]);
    expect(table.rows[0]?.map(({ value }) => value)).toEqual(["happy \u2192 happiest", matrix[2]![2], matrix[2]![0]]);
  });
});

describe("subspaces", () => {
  const ofTemplates = comparing(report.subspaces, "templates");
  it("keeps comparisons of phrasings, layers and relations apart", () => {
    expect(
      ["templates", "layers", "relations"].map((what) => comparing(report.subspaces, what as "layers").length),
    ).toEqual([3, 10, 2]);
    expect(commonLayers(ofTemplates)).toEqual(["final"]);
    expect(commonLayers([...ofTemplates, { ...ofTemplates[0]!, layers: [3, 3] }])).toEqual([3, "final"]);
  });
  it("fills a symmetric map of layers, with holes where two were not compared", () => {
    const some = comparing(report.subspaces, "layers").slice(0, 2);
    const { layers, matrix } = layerMatrix(some);
    expect(layers).toEqual([0, 1, 2]);
    expect(matrix).toEqual([
      [1, some[0]!.overlap, some[1]!.overlap],
      [some[0]!.overlap, 1, null],
      [some[1]!.overlap, null, 1],
    ]);
  });
  it("gives phrasings their letters and fills a symmetric map", () => {
    const named = spaces(ofTemplates.toReversed(), report.relation.templates);
    expect(named.map(({ letter, text }) => [letter, text])).toEqual(
      report.relation.templates.map((text, i) => ["ABC"[i], text]),
    );
    const matrix = overlapMatrix(ofTemplates, named);
    expect(matrix[1]).toEqual([ofTemplates[0]!.overlap, 1, ofTemplates[2]!.overlap]);
    expect(matrix.map((row) => row[1])).toEqual(matrix[1]);
    expect(overlapMatrix(ofTemplates.slice(0, 1), named)[2]).toEqual([NaN, NaN, 1]);
  });
});
