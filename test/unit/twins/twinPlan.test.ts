import { describe, expect, it } from "vitest";
import { planTwins, type TwinSizes } from "../../../src/engine/twins/twinPlan";
import { sections } from "../../../src/protocol/report";

/** 50 subjects in three templates, a model of width 96. */
const small: TwinSizes = {
  count: 20,
  prompts: 150,
  templates: 3,
  contexts: 500,
  vocabulary: 4000,
  kept: 500,
  dimension: 96,
};

describe("the plan of the twins", () => {
  it("gives all twins to what costs little, and to linear fits as many as there is time for", () => {
    const plan = planTwins(small, sections);
    expect(plan.few + plan.fitted + plan.more).toBe(20);
    expect(plan.cheap).toEqual(["parallelism", "origins", "steering"]);
    expect(plan.fitted).toBeGreaterThan(3);
    expect(plan.more).toBeGreaterThan(3);
    expect(plan.wholeVocabulary).toBe(true);
    expect(planTwins({ ...small, prompts: 20, templates: 1 }, sections)).toMatchObject({ few: 3, fitted: 17, more: 0 });
    expect(planTwins({ ...small, prompts: 900 }, sections).fitted).toBe(0);
  });

  it("has few twins of a large model, over a part of its vocabulary", () => {
    const plan = planTwins({ ...small, dimension: 2048, vocabulary: 150_000 }, sections);
    expect(plan).toMatchObject({ few: 3, fitted: 0, more: 0, wholeVocabulary: false });
  });

  it("computes no more than was asked for", () => {
    expect(planTwins(small, ["probes"])).toMatchObject({ cheap: [], fitted: 0, more: 0 });
    expect(planTwins({ ...small, count: 1 }, sections)).toMatchObject({ few: 1, fitted: 0, more: 0, complete: 1 });
    expect(planTwins({ ...small, count: 2 }, sections)).toMatchObject({ few: 2, fitted: 0, more: 0, complete: 1 });
  });
});
