import { describe, expect, it } from "vitest";
import { summarize } from "../../../src/engine/report/summary";
import { noFigures } from "../../../src/engine/sections/sectionFigures";
import { alignment, erased, fit, map, parallelism, probe, prompt, steered, transfer } from "./figures";

const nothing = { prompts: [], ...noFigures };
const headline = (figures: Partial<Parameters<typeof summarize>[0]>) => summarize({ ...nothing, ...figures }).headline;

describe("the headline", () => {
  it("begins with what the model itself does", () => {
    const prompts = [prompt(), prompt({ rank: 4 }), prompt({ rank: 2 })];
    expect(headline({ prompts })[0]).toBe(
      "The model gives the object first in 1 of 3 prompts; what follows describes its own predictions.",
    );
    expect(headline({ prompts: [prompt()] })[0]).toBe("The model gives the object first in 1 of 1 prompts.");
    expect(headline({ prompts: [prompt({ object: null })] })[0]).toMatch(/^No objects given/);
  });

  it("gives faithfulness beside the mean answer, over the templates", () => {
    const linearity = [
      fit(),
      fit({ estimator: "mean", faithfulness: 0.04 }),
      fit({ template: "b {}", faithfulness: 0.83 }),
      fit({ template: "b {}", estimator: "mean", faithfulness: 0 }),
    ];
    expect(headline({ linearity })[1]).toBe(
      "Linear. A map fitted on the other subjects finds the model's answer for a held-out one in 83 to 96% of cases (one answer for all: 0 to 4%).",
    );
  });

  it("takes the commonest answer for baseline where the held-out mean leans away from it", () => {
    const tops = [1, 1, 1, 2, 2].map((id) =>
      prompt({ template: fit().template, predictedToken: { id, text: ` ${id}` } }),
    );
    const linearity = [
      fit({ faithfulness: 0.62, faithfulnessInterval: [0.5, 0.7] }),
      fit({ estimator: "mean", faithfulness: 0 }),
    ];
    const made = summarize({ ...nothing, linearity, prompts: tops });
    expect(made.headline[1]).toMatch(/^Partly linear\. .*\(one answer for all: 60%\)\.$/);
    expect(made.properties[1]).toMatchObject({ null: 0.6, nullName: "commonest answer", verdict: "partly linear" });
  });

  it("names the weakest template too", () => {
    const linearity = [fit(), fit({ template: "b {}", p: 0.6 })];
    expect(headline({ linearity })[1]).toMatch(/^Linear in the best template, not linear in the weakest\./);
  });

  it("does not speak of a share where nothing was computed", () => {
    expect(headline({ linearity: [fit({ r2Logit: null })] })[1]).toBe("Linearity was not computed.");
  });

  it("says when there are few contexts", () => {
    expect(headline({ parallelism: parallelism() })[1]).toBe(
      "Parallel, and specific to the pairs: mean cosine 0.72 [0.66 0.77]; with partners shuffled 0.44, random pairs up to 0.06.",
    );
    expect(headline({ parallelism: parallelism({ effectiveContexts: 2.6 }) })[1]).toMatch(
      /With 2\.6 effective contexts it reads little more than the average log-ratio\.$/,
    );
  });

  it("never presents what the embedding has as a finding", () => {
    const probes = [probe({ layer: 0, accuracy: 0.88 }), probe()];
    expect(headline({ probes })[1]).toMatch(/it is already in the embedding\.$/);
  });
});

describe("interventions in the headline", () => {
  it("erasure is told at the template and layer where it takes the most answers", () => {
    const erasure = [
      erased({ after: 0.4 }),
      erased({ layer: 3, after: 0.07 }),
      erased({ template: "b {}", after: 0.6 }),
    ];
    expect(headline({ erasure })[1]).toBe(
      "Removing the relation's subspace after layer 3 leaves 7% of the answers, of 100% before (a random subspace: 80%).",
    );
  });

  it("steering is told at f and at the best layer of each method, at α = 1 and nowhere else", () => {
    const steering = [
      steered({ alpha: 3, successRate: 1 }),
      steered(),
      steered({ layer: 1, method: "pseudoInverse", successRate: 0.2 }),
      steered({ layer: 2, method: "pseudoInverse", successRate: 0.5 }),
      steered({ layer: 2, method: "differenceOfMeans", successRate: 0.4 }),
    ];
    expect(headline({ steering }).slice(1)).toEqual([
      "A vector at f, which exists by construction, turns 90% of the prompts to another subject's answer; 100% of the control prompts keep theirs.",
      "At the layer where each method does best, it turns 50% by pseudo-inverse of the map (layer 2), 40% by difference of means (layer 2).",
    ]);
  });
});

describe("the table of properties", () => {
  const { properties } = summarize({
    ...nothing,
    parallelism: parallelism({ causal: null, embeddings: { causal: map({ mean: 0.2 }), euclidean: null } }),
    linearity: [
      fit(),
      fit({ estimator: "mean", faithfulness: 0.04 }),
      fit({ estimator: "shuffled", r2Logit: -0.02 }),
      fit({ template: "*" }),
      fit({ layer: 2, causality: 0.75, causalityRandom: 0.15, causalityByRank: [{ rank: 4, share: 0.75, n: 30 }] }),
      fit({ layer: 3, causality: 0.5, causalityByRank: [{ rank: 4, share: 0.5, n: 30 }] }),
    ],
    probes: [probe({ layer: 0 }), probe()],
    subspaces: [alignment({ layers: [2, 2] }), alignment(), alignment({ between: "relations" })],
    linearityTransfer: transfer(),
    erasure: [erased({ after: 0.4 }), erased({ layer: 3 })],
    steering: [steered({ alpha: 0, successRate: 0 }), steered()],
  });

  it("knows each value's place in the report", () => {
    expect(properties.map(({ path }) => path)).toEqual([
      "parallelism.distributional.mean",
      "parallelism.euclidean.mean",
      "parallelism.embeddings.causal.mean",
      "linearity[0].r2Logit",
      "linearity[0].faithfulness",
      "linearityTransfer.r2RefittedIntercept",
      "linearity[4].causality",
      "probes[1].accuracy",
      "subspaces[1].overlap",
      "erasure[1].after",
      "steering[1].successRate",
      "steering[1].controlKept",
    ]);
  });

  it("has a row for every figure that has a verdict, and leaves out what was not computed", () => {
    expect(properties.map(({ property }) => property)).toEqual([
      "parallelism, distributional",
      "parallelism, Euclidean",
      "parallelism of embeddings, causal",
      "held-out R² of log-ratios · The superlative of {} is",
      "faithfulness, held out · The superlative of {} is",
      "share of R² that another paraphrase's map keeps",
      "causality, best of the layers (2) · The superlative of {} is",
      "probe accuracy at f · the answer",
      "subspace overlap · a {} / b {}",
      "answers left after erasure, lowest of the layers (3) · a {}",
      "steering at f (possible by construction), minimum norm, α = 1",
      "control answers kept when steered at f, α = 1",
    ]);
  });

  it("sets every value beside its own null", () => {
    expect(properties.map(({ value, null: none }) => [value, none])).toEqual([
      [0.72, 0.44],
      [0.58, 0.44],
      [0.2, 0.44],
      [0.8, -0.02],
      [0.96, 0.04],
      [expect.closeTo(0.9, 12), 0],
      [0.75, 0.15],
      [0.9, 0.26],
      [0.5, 0.3],
      [0.1, 0.8],
      [0.9, 0.1],
      [1, null],
    ]);
  });
});
