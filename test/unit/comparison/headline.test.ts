import { describe, expect, test } from "vitest";
import { comparisonHeadline } from "../../../src/engine/comparison/headline";
import type {
  ComparedProperty,
  Comparison,
  DistributionDistances,
  SimilarityFigure,
} from "../../../src/protocol/report";
import { prompt } from "../report/figures";

const distances = (changes: Partial<DistributionDistances> = {}): DistributionDistances => ({
  jensenShannon: 0.123,
  kl: 0.5,
  klBackward: 0.4,
  logLikelihoodVariance: 1,
  sameTopToken: 0.61,
  intervals: { jensenShannon: null, kl: null, klBackward: null, sameTopToken: null },
  n: 600,
  ...changes,
});

const row = (changes: Partial<ComparedProperty> = {}): ComparedProperty => ({
  section: "parallelism",
  property: "parallelism, distributional",
  left: 0.7,
  right: 0.70005,
  leftInterval: null,
  rightInterval: null,
  leftRange: null,
  rightRange: null,
  leftNull: null,
  rightNull: null,
  holds: [true, true],
  n: [24, 24],
  layer: "final",
  identifiable: "always",
  verdict: "both",
  words: "",
  ...changes,
});

const similar = (value: number): SimilarityFigure => ({
  value,
  interval: null,
  nullMean: 0,
  nullUpper: 0.02,
  identifiable: "always",
});

const equivalence: NonNullable<Comparison["equivalence"]> = {
  ...{ r2Forward: 0.83, r2Backward: 0.79, meanCanonicalCorrelation: 0.9, cka: 0.9, dSvd: 0.2 },
  ...{ ckaEuclidean: 0.5, r2Euclidean: 0.7, heldOut: "5 folds by passage", n: 600, diverseTokens: [] },
  figures: {
    r2Forward: similar(0.83),
    r2Backward: similar(0.79),
    meanCanonicalCorrelation: similar(0.9),
    cka: similar(0.9),
    dSvd: similar(0.2),
    ckaEuclidean: similar(0.5),
    r2Euclidean: similar(0.7),
  },
};

const none = { distances: null, relationDistances: null, equivalence: null, verdicts: [] };
const [left, right] = [
  { name: "small", prompts: [prompt(), prompt({ rank: 2 })] },
  { name: "wide", prompts: [prompt(), prompt()] },
];
const sentences = (changes: Partial<Parameters<typeof comparisonHeadline>[0]>) =>
  comparisonHeadline({ ...none, ...changes }, left, right);

describe("the headline of a comparison", () => {
  test("begins with how far the distributions are apart, in numbers", () => {
    expect(
      sentences({
        distances: distances(),
        relationDistances: distances({ jensenShannon: 0.002, sameTopToken: 0.9 }),
      })[0],
    ).toBe(
      "Different next-token distributions: mean Jensen–Shannon divergence 0.12 nats (at most 0.69) over 600 general contexts, with the same first choice in 61%. On the relation's own prompts: 2.0e−3 nats, 90%.",
    );
  });

  test("says that equivalent models must agree, and whether they do", () => {
    const same = distances({ jensenShannon: 4e-14, sameTopToken: 1 });
    const found = sentences({ distances: same, verdicts: [row(), row({ identifiable: "never", right: 9 })] });
    expect(found[0]).toMatch(/^The same next-token distribution: they differ by 4\.0e−14 nats/);
    expect(found).toContain(
      "Models that predict the same must agree on every property in log-ratios: these agree on 1 of 1.",
    );
    const apart = sentences({ distances: same, verdicts: [row(), row({ property: "a probe", right: 0.8 })] });
    expect(apart).toContain(
      "Models that predict the same must agree on every property in log-ratios: these agree on 1 of 2, but not on a probe.",
    );
    expect(sentences({ distances: distances(), verdicts: [row()] }).join()).not.toContain("must agree");
  });

  test("says where the twin test has not run, of f alone", () => {
    const said = (changes: Partial<ComparedProperty>) => sentences({ verdicts: [row(changes)] }).join(" ");
    expect(said({ identifiable: null })).toMatch(/Whether equivalent models share 1 of them was not tested/);
    expect(said({ identifiable: null, layer: 2 })).not.toMatch(/not tested/);
    expect(said({})).not.toMatch(/not tested/);
  });

  test("does not call it a share where chance explains less than nothing, and takes the larger of both directions", () => {
    const chance = (forward: number | null, backward: number | null) => {
      const figures = {
        ...equivalence.figures,
        r2Forward: { ...similar(0.83), nullUpper: forward },
        r2Backward: { ...similar(0.79), nullUpper: backward },
      };
      return /\(.*\)|$/.exec(sentences({ equivalence: { ...equivalence, figures } })[0] ?? "")?.[0];
    };
    expect(chance(-0.1, -0.2)).toBe("(by chance nothing)");
    expect(chance(-0.1, 0.003)).toBe("(by chance at most 1%)");
    expect(chance(0.031, 0.02)).toBe("(by chance at most 4%)");
    expect(chance(null, null)).toBe("");
  });

  test("has the map in both directions, the count of verdicts, and who answers better", () => {
    const found = sentences({
      equivalence,
      verdicts: [
        row(),
        row({ verdict: "one" }),
        row({ verdict: "depends on the basis" }),
        row({ verdict: "too few to tell" }),
      ],
    });
    expect(found).toEqual([
      "On held-out passages a linear map from wide explains 83% of what small computes, and one from small 79% of wide (by chance at most 2%).",
      "Of 4 properties, 1 hold in both models, 1 in one and 0 in none; 1 depend on the basis and 1 cannot be told.",
      "small gives the object first in 1 of 2 prompts, wide in 2 of 2.",
    ]);
  });
});
