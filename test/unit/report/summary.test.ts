import { describe, expect, it } from "vitest";
import { summarize } from "../../../src/engine/report/summary";
import { alignment, fit, map, parallelism, probe, prompt } from "./figures";

const nothing = { prompts: [], parallelism: null, linearity: [], probes: [], subspaces: [] };
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
      "Linear. A map fitted on the other subjects finds the model's answer for a held-out one in 83 to 96% of cases (mean answer: 0 to 4%).",
    );
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

describe("the table of properties", () => {
  const { properties } = summarize({
    ...nothing,
    parallelism: parallelism({ causal: null, embeddings: { causal: map({ mean: 0.2 }), euclidean: null } }),
    linearity: [
      fit(),
      fit({ estimator: "mean", faithfulness: 0.04 }),
      fit({ estimator: "shuffled", r2Logit: -0.02 }),
      fit({ template: "*" }),
    ],
    probes: [probe({ layer: 0 }), probe()],
    subspaces: [alignment()],
  });

  it("has a row for every figure that has a verdict, and leaves out what was not computed", () => {
    expect(properties.map(({ property }) => property)).toEqual([
      "parallelism, distributional",
      "parallelism, Euclidean",
      "parallelism of embeddings, causal",
      "held-out R² of log-ratios · The superlative of {} is",
      "faithfulness, held out · The superlative of {} is",
      "probe accuracy at f · the answer",
      "subspace overlap · a {} / b {}",
    ]);
  });

  it("sets every value beside its own null", () => {
    expect(properties.map(({ value, null: none }) => [value, none])).toEqual([
      [0.72, 0.44],
      [0.58, 0.44],
      [0.2, 0.44],
      [0.8, -0.02],
      [0.96, 0.04],
      [0.9, 0.26],
      [0.5, 0.3],
    ]);
  });
});
