import { describe, expect, it } from "vitest";
import { checkExpectations } from "../../../src/engine/report/expectations";
import { summarize } from "../../../src/engine/report/summary";
import type { Report } from "../../../src/protocol/report";
import { sections } from "../../../src/protocol/report";
import { noFigures } from "../../../src/engine/sections/sectionFigures";
import { report as plain } from "../cli/likeEngine";
import { erased, fit, map, parallelism, probe, prompt, steered, transfer } from "../report/figures";

const second = "The most {} of all is the";
const figures = {
  ...noFigures,
  parallelism: parallelism({
    distributional: map({ identifiable: "always", matrix: [[1, 0.5], [0.5, 1]] }), // prettier-ignore
    embeddings: { causal: null, euclidean: null },
  }),
  linearity: [
    fit({ estimator: "mean", faithfulness: 0.04 }),
    fit({ faithfulness: 0.9 }),
    fit({ template: second, faithfulness: 0.7, faithfulnessInterval: [0.52, 0.84] }),
    fit({ template: "*", faithfulness: 0.1 }),
    fit({ layer: 2, estimator: "kl", faithfulness: 0.5 }),
    fit({ layer: 2, causality: 0.6, causalityInterval: [0.5, 0.7], causalityRandom: 0.1 }),
    fit({ layer: 3, causality: 0.8, causalityInterval: [0.7, 0.9], causalityRandom: 0.1 }),
  ],
  linearityTransfer: transfer(),
  probes: [
    probe({ kind: "concept", context: "bare word", accuracy: 1 }),
    probe({ accuracy: 0.8, control: null }),
    probe({ layer: 3, accuracy: 0.6 }),
    probe({ estimator: "mlp", accuracy: 0.99 }),
  ],
  erasure: [erased({ layer: 1, after: 0.4 }), erased({ layer: 2, after: 0.1 })],
  steering: [
    steered(),
    steered({ layer: 1, method: "differenceOfMeans", successRate: 0.3 }),
    steered({ layer: 2, method: "differenceOfMeans", successRate: 0.5 }),
    steered({ layer: 2, method: "differenceOfMeans", alpha: 3, successRate: 0.95 }),
  ],
};
const prompts = [
  prompt(),
  prompt({ subject: "lucky", rank: 3, predictedToken: { id: 2, text: " luckiest" } }),
  prompt({ template: second }),
  prompt({ template: second, subject: "lucky", predictedToken: { id: 2, text: " luckiest" } }),
];
const report: Report = {
  ...plain,
  ...figures,
  settings: { ...plain.settings, only: sections.filter((section) => section !== "origins") },
  prompts,
  twins: {
    count: 20,
    fewer: {},
    condition: 100,
    changeOfBasis: { "parallelism.euclidean.mean": [0.21, 0.6], "linearity[1].faithfulness": [0.9, 0.9] },
    changeOfDimension: { "parallelism.euclidean.mean": [0.3, 0.63] },
  },
  summary: summarize({ prompts, ...figures }),
  warnings: [{ code: "few", message: "Too few pairs.", where: "parallelism.embeddings" }],
};

const check = (path: string, expected: string) => {
  const [result] = checkExpectations(report, { [path]: expected });
  if (result === undefined) throw new Error("no result");
  return result;
};

describe("expectations of a report", () => {
  it("keeps the file's order and words", () => {
    const results = checkExpectations(report, { "steering.successRate": ">= 0.1", "linearity.faithfulness": "> 0" });
    expect(results.map(({ path, expected, ok }) => [path, expected, ok])).toEqual([
      ["steering.successRate", ">= 0.1", true],
      ["linearity.faithfulness", "> 0", true],
    ]);
  });

  it.each([
    // Least squares from f, of every template and not of the pooled fit.
    ["linearity.faithfulness", ">= 0.7", "0.9, 0.7"],
    ["linearity[template=*].faithfulness", "0.1", "0.1"],
    [`linearity[template="${second}"].faithfulness`, "0.7", "0.7"],
    ["linearity[layer=2,estimator=kl].faithfulness", "0.5", "0.5"],
    ["linearity[layer=3].causality", "0.8", "0.8"],
    // The best of the hidden layers.
    ["linearity.causality", "interval 0.7..0.9", "0.8 [0.7, 0.9]"],
    ["linearity.faithfulness", "interval > 0.51", "0.9 [0.8, 0.99], 0.7 [0.52, 0.84]"],
    ["linearity.verdict", "linear", "linear"],
    ["linearity[estimator=leastSquares,layer=final].verdict", "!= not linear | not computed", "linear"],
    ["linearity[3].faithfulness", "0.1", "0.1"],
    // The answer rather than the concept, by a logistic probe of f.
    ["probes.accuracy", "0.8", "0.8"],
    ["probes[layer=3].accuracy", "0.6", "0.6"],
    ["probes[kind=concept].accuracy", "1", "1"],
    ["probes[estimator=mlp].accuracy", "0.99", "0.99"],
    // The layer where it is strongest, at α = 1.
    ["erasure.after", "0.1", "0.1"],
    ["erasure[layer=1].after", "0.4", "0.4"],
    ["steering.successRate", "0.5", "0.5"],
    ["steering[layer=final].successRate", "0.9", "0.9"],
    ["steering[layer=2,alpha=3.0].successRate", "95%", "0.95"],
    ["parallelism.distributional.verdict", "Parallel", "parallel"],
    ["parallelism.distributional.identifiable", "always", "always"],
    ["parallelism.distributional.matrix[0][1]", "0.5", "0.5"],
    ["parallelism.distributional.interval[1]", "0.77", "0.77"],
    ["parallelism.causal.mean", "0.3 ± 0.01", "0.3"],
    ["prompts[subject=lucky].rank", "<= 3", "3, 1"],
    ["prompts.accuracy", "75%", "0.75"],
    [`prompts[template="${second}"].accuracy`, "1", "1"],
    // The summary's figure for a matrix.
    ["linearityTransfer.r2RefittedIntercept", "0.85..1", "0.9"],
    // Every exact twin of both kinds.
    ["twins.parallelism.euclidean.mean", "0.2..0.65", "0.21 to 0.63 over exact twins"],
    ["twins.count", "20", "20"],
    ["model.id", "embedded-small", "embedded-small"],
  ])("%s: %s holds", (path, expected, found) => {
    expect(check(path, expected)).toEqual({ path, expected, found, ok: true, message: null });
  });

  it.each([
    [
      "linearity.faithfulness",
      ">= 0.8",
      /is 0.7 \("The most \{\} of all is the"\), not >= 0.8. It does not hold for 1 of 2/,
    ],
    ["linearity.faithfulness", "interval >= 0.6", /is 0.7 \[0.52, 0.84\]/],
    ["parallelism.distributional.mean", "0.7", /write 0.7 ± 0.01/],
    ["parallelism.distributional.mean", "> 0.72", /is 0.72, not > 0.72/],
    ["parallelism.distributional.verdict", "not parallel", /is parallel, not not parallel/],
    ["parallelism.causal.mean", "parallel", /It is a number; write such as >= 0.6/],
    ["twins.parallelism.euclidean.mean", ">= 0.3", /0.21 to 0.63 over exact twins, not >= 0.3/],
    ["prompts.rank", "1", /is 3 \("lucky", .*for 1 of 4/],
  ])("%s: %s fails, with the figure", (path, expected, message) => {
    const result = check(path, expected);
    expect(result.ok).toBe(false);
    expect(result.found).not.toBeNull();
    expect(result.message).toMatch(message);
  });

  it.each([
    ["linearity[layer=7].faithfulness", ">= 0.8", /no entry with layer=7; there are final, 2, 3/],
    ["linearity.faithfullness", ">= 0.8", /Did you mean linearity.faithfulness\?/],
    ["linearity[", ">= 0.8", /bracket cannot be read at character 10/],
    ["linearity.faithfulness", "=> 0.8", /cannot be read/],
    ["parallelism.distributional.interval", ">= 0.8", /name one, such as parallelism.distributional.interval\[0\]/],
    ["parallelism.distributional.interval[2]", ">= 0.8", /has 2 entries, counted from 0/],
    ["parallelism.embeddings.causal.mean", ">= 0.8", /could not be computed: Too few pairs\./],
    ["parallelism.causal.identifiable", "always", /is not known: it is not a figure on f/],
    ["twins.linearity.kl", "< 1", /no range of linearity\[1\].kl/],
    ["origins.alignment.own", "> 0", /left origins out/],
    ["comparison.vocabularyShared", "1", /There is no second model/],
    ["prompts[subject=hard].rank", "1", /no entry with subject=hard; there are easy, lucky/],
    ["subspaces[between=layers].overlap", "> 0", /subspaces.overlap could not be computed; the report's warnings/],
  ])("%s: %s fails, and says what to do", (path, expected, message) => {
    const result = check(path, expected);
    expect(result).toMatchObject({ ok: false, found: null });
    expect(result.message).toMatch(message);
  });

  it("shows as many digits as tell the figure from what was expected", () => {
    const close = { ...report, parallelism: parallelism({ distributional: map({ mean: 0.59996 }) }) };
    const [result] = checkExpectations(close, { "parallelism.distributional.mean": ">= 0.6" });
    expect(result).toMatchObject({ ok: false, found: "0.59996" });
  });

  it("is about rows of the summary's table where the path does not choose", () => {
    const main = ["linearity.faithfulness", "probes.accuracy", "erasure.after", "steering.successRate", "linearity.causality"]; // prettier-ignore
    const shown = report.summary.properties.map(({ value }) => value);
    for (const path of main) {
      const values = (check(path, "> -1").found ?? "").split(", ").map(Number);
      expect(values.length).toBeGreaterThan(0);
      expect(values.filter((value) => !shown.includes(value))).toEqual([]);
    }
  });
});
