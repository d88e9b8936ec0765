import { describe, expect, it } from "vitest";
import { hintText, shortProbability } from "../../../../src/extension/inText/hintText";
import { sampleFinder } from "../../../../src/extension/inText/sampleFinder";
import type { ReportDigest, SampleDigest } from "../../../../src/protocol/digest";

const sample: SampleDigest = {
  subject: "high",
  object: "higher",
  prompts: [
    {
      answer: " higher",
      rank: 1,
      probability: 0.934,
      predicted: " higher",
      heldOut: { fold: 3, token: " higher", agrees: true },
    },
    { answer: " higher", rank: 3, probability: 0.051, predicted: " lower", heldOut: null },
    null,
  ],
  parallel: { cosine: 0.4, holds: true },
};

const shown = { template: 0, all: true, fresh: true };

describe("what stands behind a sample", () => {
  it("is rank, probability, the wrong answer, parallel or not, and the held-out map's success", () => {
    expect(hintText(sample, shown)).toBe("#1 .93 ∥ ✓");
    expect(hintText(sample, { ...shown, template: 1 })).toBe("#3 .05 “lower” ∥");
    expect(hintText({ ...sample, parallel: { cosine: 0, holds: false } }, shown)).toBe("#1 .93 ∦ ✓");
    expect(hintText(sample, { ...shown, all: false })).toBe("#1 .93");
  });

  it("is marked once it is stale, and nothing where nothing is known", () => {
    expect(hintText(sample, { ...shown, fresh: false })).toBe("~ #1 .93 ∥ ✓");
    expect(hintText(sample, { ...shown, template: 2 })).toBe("∥");
    expect(hintText({ ...sample, parallel: null }, { ...shown, template: 2, fresh: false })).toBeNull();
  });

  it.each([
    [0, "<.01"],
    [0.0049, "<.01"],
    [0.005, ".01"],
    [0.5, ".50"],
    [0.994, ".99"],
    [0.995, "1.0"],
    [1, "1.0"],
  ])("has the probability %d as %s", (probability, text) => {
    expect(shortProbability(probability)).toBe(text);
  });

  it("is found by subject while the object is the one that was analysed", () => {
    const digest = { samples: [sample] } as unknown as ReportDigest;
    const find = sampleFinder(digest);
    expect(find({ subject: "high", object: "higher" })).toBe(sample);
    expect(find({ subject: "high", object: "highest" })).toBeUndefined();
    expect(find({ subject: "low", object: "higher" })).toBeUndefined();
    expect(sampleFinder(digest)).toBe(find);
  });
});
