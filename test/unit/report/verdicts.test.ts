import { describe, expect, it } from "vitest";
import {
  causalityVerdict,
  erasureVerdict,
  linearityVerdict,
  probeVerdict,
  specificityVerdict,
  steeringVerdict,
  subspaceVerdict,
  transferKept,
  transferVerdict,
  type LinearityVerdict,
  type ProbeVerdict,
  type SteeringVerdict,
  type TransferVerdict,
} from "../../../src/engine/report/verdicts";
import { alignment, erased, fit, probe, steered, transfer } from "./figures";

describe("linearity in words", () => {
  it.each<[string, Parameters<typeof fit>[0], LinearityVerdict]>([
    ["beats shuffled answers and names 60% or more", {}, "linear"],
    ["names fewer than 60%", { faithfulness: 0.59, faithfulnessInterval: [0.4, 0.75] }, "partly linear"],
    [
      "names no more than the mean answer does",
      { faithfulness: 0.7, faithfulnessInterval: [0.03, 0.8] },
      "partly linear",
    ],
    ["p is not below .05", { p: 0.05 }, "not linear"],
    ["the interval holds 0", { interval: [-0.01, 0.9] }, "not linear"],
    ["the same with fewer than 20 subjects", { n: 19, p: 0.2 }, "too few subjects to tell"],
    ["few subjects, but the null is excluded", { n: 12 }, "linear"],
    ["one distinct top answer", { distinctTopAnswers: 1 }, "carries no information"],
    ["no R²", { r2Logit: null }, "not computed"],
  ])("%s", (_, changes, verdict) => {
    expect(linearityVerdict(fit(changes), 0.04)).toBe(verdict);
  });
});

describe("probes in words", () => {
  it.each<[string, Parameters<typeof probe>[0], Parameters<typeof probe>[0] | null, ProbeVerdict]>([
    ["above majority and control, not at layer 0", {}, { layer: 0, accuracy: 0.5 }, "readable"],
    ["layer 0 within the interval", {}, { layer: 0, accuracy: 0.8 }, "already in the embedding"],
    [
      "layer 0 within the interval, but without a signal of its own",
      { accuracy: 0.65, interval: [0.48, 0.78] },
      { layer: 0, accuracy: 0.5, interval: [0.34, 0.66], majority: 0.42 },
      "readable",
    ],
    ["no layer 0 was read", {}, null, "readable"],
    ["the interval reaches the majority", { majority: 0.78 }, null, "no signal"],
    ["the same with few groups", { majority: 0.78, n: 3 }, null, "too few to tell"],
    ["few groups, below the majority", { majority: 0.95, n: 3 }, null, "no signal"],
    ["below chance", { accuracy: 0.1, interval: [0.04, 0.2] }, null, "no signal"],
    ["control labels do as well", { controlUpper: 0.95 }, null, "no better than the control"],
  ])("%s", (_, changes, embedding, verdict) => {
    expect(probeVerdict(probe(changes), embedding === null ? undefined : probe(embedding))).toBe(verdict);
  });
});

describe("subspaces in words", () => {
  it("are aligned where fewer than 5% of permuted fits reach the overlap", () => {
    expect(subspaceVerdict(alignment({ p: 0.049 }))).toBe("aligned");
    expect(subspaceVerdict(alignment({ p: 0.05 }))).toBe("no more than by chance");
  });
});

describe("a map between paraphrases in words", () => {
  it("is the mean share of the target's own R² that another template's map keeps", () => {
    // .45 / .5 and .72 / .8
    expect(transferKept(transfer())).toBeCloseTo(0.9, 12);
  });

  it.each<[string, readonly (readonly (number | null)[])[], TransferVerdict]>([
    ["most is kept", transfer().r2RefittedIntercept, "one map for all paraphrases"],
    [
      "some is kept",
      [
        [0.8, 0.2],
        [0.3, 0.5],
      ],
      "partly shared between paraphrases",
    ],
    [
      "nothing is kept",
      [
        [0.8, -0.2],
        [-0.3, 0.5],
      ],
      "not shared between paraphrases",
    ],
    [
      "no map of its own predicts anything",
      [
        [-0.1, 0.2],
        [0.3, 0],
      ],
      "not computed",
    ],
    [
      "nothing was computed",
      [
        [null, null],
        [null, null],
      ],
      "not computed",
    ],
  ])("%s", (_, r2RefittedIntercept, verdict) => {
    expect(transferVerdict(transfer({ r2RefittedIntercept }))).toBe(verdict);
  });
});

describe("interventions in words", () => {
  it("steering is specific where nine in ten control prompts keep their answer", () => {
    expect(specificityVerdict(0.9)).toBe("specific");
    expect(specificityVerdict(0.89)).toBe("touches other relations");
  });

  it("the answers need a subspace where a random one of the same rank leaves more than the interval allows", () => {
    expect(erasureVerdict(erased({ interval: [0.03, 0.26], afterRandom: 0.27 }))).toBe("the answers need it");
    expect(erasureVerdict(erased({ interval: [0.03, 0.26], afterRandom: 0.26 }))).toBe(
      "no more than a random subspace",
    );
  });

  it.each<[string, Parameters<typeof steered>[0], SteeringVerdict]>([
    ["most prompts follow", {}, "steers"],
    ["some do, beyond chance", { successRate: 0.5, interval: [0.33, 0.67] }, "partly steers"],
    ["a random vector does as well", { randomSuccessRate: 0.74 }, "no more than a random vector"],
    ["few prompts", { n: 8, successRate: 0.25, interval: [0.07, 0.59] }, "too few prompts to tell"],
  ])("%s", (_, changes, verdict) => {
    expect(steeringVerdict(steered(changes))).toBe(verdict);
  });

  it.each<[string, Parameters<typeof causalityVerdict>[0], string]>([
    ["most answers follow", { causality: 0.8, causalityInterval: [0.6, 0.9], causalityRandom: 0.1 }, "causal"],
    [
      "some do, beyond chance",
      { causality: 0.5, causalityInterval: [0.3, 0.7], causalityRandom: 0.1 },
      "partly causal",
    ],
    [
      "random changes do as well",
      { causality: 0.8, causalityInterval: [0.6, 0.9], causalityRandom: 0.6 },
      "no more than a random change",
    ],
    ["nothing is known", { causality: null }, "no more than a random change"],
  ])("causality: %s", (_, changes, verdict) => {
    expect(causalityVerdict(changes)).toBe(verdict);
  });
});
