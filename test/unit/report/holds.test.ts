import { describe, expect, test } from "vitest";
import { propertyRows } from "../../../src/engine/report/propertyRows";
import { noFigures } from "../../../src/engine/sections/sectionFigures";
import { alignment, erased, fit, map, parallelism, probe, steered, transfer } from "./figures";

type Figures = Parameters<typeof propertyRows>[0];
const held = (figures: Partial<Figures>) =>
  propertyRows({ prompts: [], ...noFigures, ...figures }).map((row) => [row.verdict, row.holds]);
const maps = (verdict: ReturnType<typeof map>["verdict"]) =>
  held({ parallelism: parallelism({ distributional: map({ verdict }), causal: null, euclidean: null }) })[0]?.[1];

describe("a property holds", () => {
  test("where pairs are parallel, not where only their classes are", () => {
    expect(maps("parallel")).toBe(true);
    expect(maps("class direction only")).toBe(false);
    expect(maps("not parallel")).toBe(false);
    expect(maps("too few pairs to tell")).toBeNull();
  });

  test("for a map that beats shuffled answers: its R²; its faithfulness only where it names most answers", () => {
    expect(held({ linearity: [fit()] })).toEqual([
      ["linear", true],
      ["linear", true],
    ]);
    expect(held({ linearity: [fit({ faithfulness: 0.4, faithfulnessInterval: [0.3, 0.5] })] })).toEqual([
      ["partly linear", true],
      ["partly linear", false],
    ]);
    expect(held({ linearity: [fit({ p: 0.6 })] })).toEqual([
      ["not linear", false],
      ["not linear", false],
    ]);
    for (const unknown of [fit({ p: 0.6, n: 12 }), fit({ distinctTopAnswers: 1 }), fit({ r2Logit: null })]) {
      expect(held({ linearity: [unknown] }).map(([, holds]) => holds)).toEqual([null, null]);
    }
  });

  test("for causality and for steering at a layer beyond chance, though steering at f says nothing", () => {
    const causal = fit({
      layer: 1,
      estimator: "jacobian",
      causality: 0.7,
      causalityInterval: [0.5, 0.8],
      causalityRandom: 0.1,
    });
    expect(held({ linearity: [causal] })).toEqual([["causal", true]]);
    expect(held({ linearity: [{ ...causal, causalityRandom: 0.6 }] })[0]?.[1]).toBe(false);
    expect(held({ steering: [steered()] })).toEqual([
      ["steers", null],
      ["specific", true],
    ]);
    expect(held({ steering: [steered({ layer: 2, method: "differenceOfMeans" })] })).toEqual([["steers", true]]);
    expect(held({ steering: [steered({ layer: 2, interval: [0, 0.05] })] })[0]?.[1]).toBe(false);
    expect(held({ steering: [steered({ controlKept: 0.5 })] })[1]).toEqual(["touches other relations", false]);
  });

  test("for probes, subspaces, erasure and transfer, by their verdicts", () => {
    expect(held({ probes: [probe()] })).toEqual([["readable", true]]);
    expect(held({ probes: [probe(), probe({ layer: 0 })] })).toEqual([["already in the embedding", true]]);
    expect(held({ probes: [probe({ controlUpper: 0.95 })] })[0]?.[1]).toBe(false);
    expect(held({ probes: [probe({ interval: [0.2, 0.96], n: 10 })] })[0]?.[1]).toBeNull();
    expect(held({ subspaces: [alignment(), alignment({ p: 0.3 })] }).map(([, holds]) => holds)).toEqual([true, false]);
    expect(held({ erasure: [erased()] })[0]?.[1]).toBe(true);
    expect(held({ erasure: [erased({ interval: [0.03, 0.9] })] })[0]?.[1]).toBe(false);
    expect(held({ linearityTransfer: transfer() })[0]?.[1]).toBe(true);
  });
});
