import { describe, expect, it } from "vitest";
import { planTwins, type TwinSizes } from "../../../src/engine/twins/twinPlan";
import { sections } from "../../../src/protocol/report";

/** 50 subjects in three templates, a model of width 96. */
const small: TwinSizes = {
  count: 20,
  prompts: 150,
  contexts: 500,
  vocabulary: 4000,
  kept: 500,
  dimension: 96,
};

describe("the plan of the twins", () => {
  it("gives all twins to what costs little, and to linear fits, which they share", () => {
    const plan = planTwins(small, sections);
    expect(plan).toMatchObject({ few: 3, more: 17, batch: 40, wholeVocabulary: true });
    expect(plan.cheap).toEqual(["parallelism", "linearity", "origins", "steering"]);
    expect(planTwins(small, ["linearity"])).toMatchObject({ cheap: ["linearity"], few: 3, more: 17 });
  });

  it("has few twins of a large model, over a part of its vocabulary", () => {
    const plan = planTwins({ ...small, dimension: 2048, vocabulary: 150_000 }, sections);
    expect(plan).toMatchObject({ few: 3, more: 0, batch: 2, wholeVocabulary: false });
  });

  it("computes no more than was asked for", () => {
    expect(planTwins(small, ["probes"])).toMatchObject({ cheap: [], more: 0 });
    expect(planTwins({ ...small, count: 1 }, sections)).toMatchObject({ few: 1, more: 0, complete: 1 });
    expect(planTwins({ ...small, count: 2 }, sections)).toMatchObject({ few: 2, more: 0, complete: 1 });
  });
});
