import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseComparison } from "../../../src/formats/expectations/comparison";
import { expectationNeeds } from "../../../src/formats/expectations/expectationNeeds";
import { expectationProblems } from "../../../src/formats/expectations/expectationProblems";
import { parsePath } from "../../../src/formats/expectations/fieldPath";
import { sections } from "../../../src/protocol/report";

const path = (text: string) => {
  const parsed = parsePath(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.value;
};
const comparison = (text: string) => {
  const parsed = parseComparison(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.value;
};
const range = (low: number, high: number, open = false, interval = false) => ({ kind: "range", low, high, open, interval }); // prettier-ignore

describe("the path of an expectation", () => {
  it("is names with dots between them", () => {
    expect(path("parallelism.distributional.mean").map(({ name }) => name)).toEqual([
      "parallelism",
      "distributional",
      "mean",
    ]);
  });

  it("chooses entries in brackets, by text in quotes where it has commas or brackets", () => {
    expect(path(`linearity[layer=2, estimator = kl].faithfulness`)[0]?.where).toEqual([
      { key: "layer", value: "2" },
      { key: "estimator", value: "kl" },
    ]);
    expect(path(`linearity[template="One, two] {} is",layer=final].rank`)[0]?.where).toEqual([
      { key: "template", value: "One, two] {} is" },
      { key: "layer", value: "final" },
    ]);
    expect(path("linearity[template=The superlative of {} is].rank")[0]?.where[0]?.value).toBe(
      "The superlative of {} is",
    );
    expect(path("linearity[layer=2][estimator='kl'].rank")[0]?.where).toHaveLength(2);
  });

  it("names places of lists and matrices", () => {
    expect(path("parallelism.causal.matrix[0][12]")[2]?.places).toEqual([0, 12]);
  });

  it.each(["", ".", "a.", "a..b", "1a", "a b", "a[", "a[]", "a[b]", "a[b=]", "a[b=c", "a[b=c,]", "a[-1]", "a[1]b"])(
    "is refused, with what to write instead: %j",
    (text) => {
      const parsed = parsePath(text);
      expect(parsed.ok).toBe(false);
      if (!parsed.ok) expect(parsed.remedy).toMatch(/linearity\.faithfulness/);
    },
  );

  it("never throws, and ends", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "b", ".", "[", "]", "=", ",", "'", '"', "{", "1", " ") }),
        (text) => void parsePath(text),
      ),
    );
  });
});

describe("what is expected", () => {
  it.each([
    [">= 0.6", range(0.6, Infinity)],
    [">0", range(0, Infinity, true)],
    ["≤ 60%", range(-Infinity, 0.6)],
    ["< -1e-3", range(-Infinity, -0.001, true)],
    ["0.5..0.8", range(0.5, 0.8)],
    ["-1 .. 1", range(-1, 1)],
    ["interval > .5", range(0.5, Infinity, true, true)],
    ["interval 0.5 .. 0.8", range(0.5, 0.8, false, true)],
    ["1", { kind: "number", value: 1, not: false }],
    ["== 0.5", { kind: "number", value: 0.5, not: false }],
    ["!= 1", { kind: "number", value: 1, not: true }],
    ["parallel", { kind: "words", words: ["parallel"], not: false }],
    ["!= not parallel", { kind: "words", words: ["not parallel"], not: true }],
    ["always | underDiversity", { kind: "words", words: ["always", "underDiversity"], not: false }],
    ['= "always"', { kind: "words", words: ["always"], not: false }],
  ])("%j", (text, wanted) => {
    expect(comparison(text)).toEqual(wanted);
  });

  it.each(["0.72 ± 0.05", "0.72 +- 0.05", "0.72+/-.05"])("around a number: %j", (text) => {
    const found = comparison(text);
    if (found.kind !== "range") throw new Error(found.kind);
    expect(found.low).toBeCloseTo(0.67, 12);
    expect(found.high).toBeCloseTo(0.77, 12);
  });

  it.each(["", "  ", ">=", ">= much", "> 1 2", "interval", "interval parallel", "0.8..0.5", "0.7 ± -0.1", "a |", "!="])(
    "is refused: %j",
    (text) => {
      expect(parseComparison(text).ok).toBe(false);
    },
  );
});

describe("problems that show before anything is computed", () => {
  it.each([
    ["linearity.faithfulness", ">= 0.6"],
    ["linearity[layer=2,estimator=kl].faithfulness", "interval >= 0.6"],
    ["parallelism.distributional.interval[0]", "> 0"],
    ["parallelism.distributional.verdict", "parallel | class direction only"],
    ["twins.parallelism.euclidean.mean", "> 0"],
    ["twins.count", "20"],
    ["origins.alignment.verdict", "!= embeddings aligned"],
    ["comparison.equivalence.anything", "> 0"],
    ["prompts[subject=easy].rank", "1"],
  ])("none in %s: %s", (name, expected) => {
    expect(expectationProblems(name, expected)).toEqual([]);
  });

  it.each([
    ["linearty.faithfulness", ">= 0.6", "relation-expectation-path", "Did you mean linearity?"],
    ["linearity.faithfullness", ">= 0.6", "relation-expectation-path", "Did you mean linearity.faithfulness?"],
    ["linearity", ">= 0.6", "relation-expectation-path", "Write such as linearity.faithfulness"],
    ["linearity[layers=2].faithfulness", ">= 0.6", "relation-expectation-path", "Did you mean layer?"],
    ["twins.linearity.faithfullness", ">= 0.6", "relation-expectation-path", "Did you mean linearity.faithfulness?"],
    ["faithfulness", ">= 0.6", "relation-expectation-path", "Start with one of prompts"],
    ["linearity.faithfulness", ">= high", "relation-expectation-unreadable", ">= 0.6"],
    ["linearity.verdict", "lineer", "relation-expectation-unreadable", "Did you mean linear?"],
    ["parallelism.causal.identifiable", "!= allways", "relation-expectation-unreadable", "Did you mean always?"],
    ["linearity.verdict", ">= 1", "relation-expectation-unreadable", "Write one of linear;"],
  ])("%s: %s", (name, expected, code, remedy) => {
    const problems = expectationProblems(name, expected);
    expect(problems.map((problem) => problem.code)).toEqual([code]);
    expect(problems[0]?.remedy).toContain(remedy);
  });
});

describe("what must be computed", () => {
  it.each([
    [["prompts.accuracy"], [], false],
    [["parallelism.causal.mean", "probes.accuracy"], ["parallelism", "probes"], false],
    [["parallelism.causal.identifiable"], ["parallelism"], true],
    [["twins.parallelism.causal.mean"], ["parallelism"], true],
    [["nonsense[", "nothing.of.it"], [], false],
  ])("for %j", (paths, wanted, twins) => {
    expect(expectationNeeds(paths)).toEqual({ sections: wanted, twins });
  });

  it("has the linear maps where subspaces or steering come from them", () => {
    expect(expectationNeeds(["steering.successRate"]).sections).toEqual(["linearity", "steering"]);
    expect(expectationNeeds(["erasure.after"]).sections).toEqual(["linearity", "subspaces"]);
  });

  it("is everything for the summary and for a comparison", () => {
    expect(expectationNeeds(["comparison.equivalence.cka"]).sections).toEqual(sections);
  });
});
