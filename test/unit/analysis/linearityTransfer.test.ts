import { describe, expect, it } from "vitest";
import { linearity } from "../../../src/engine/analysis/linearity";
import { linearityTransfer } from "../../../src/engine/analysis/linearityTransfer";
import { multiply, scale, selectRows, subtractFromRows } from "../../../src/engine/linalg/matrix";
import { model, options, templateOf, type Model } from "./relationModel";
import { gaussian } from "./toyModel";

const base = model({ n: 34, d: 8, noise: 0.3, seed: 4 });
const moved: Model = { ...base, prompt: subtractFromRows(base.prompt, scale(gaussian(1, 8, 9), 3).data) };
const other: Model = { ...base, prompt: multiply(base.prompt, gaussian(8, 8, 12)) };
const templates = [base, moved, other].map(templateOf);
const transfer = linearityTransfer(templates, options)!;

describe("transfer between paraphrases", () => {
  it("has each template's own held-out fit on its diagonal", () => {
    templates.forEach((template, i) => {
      const fit = linearity([template], { ...options, shuffles: 0 }).fits[0]!;
      expect(transfer.r2OwnIntercept[i]![i]).toBeCloseTo(fit.r2Logit!, 10);
      expect(transfer.r2RefittedIntercept[i]![i]).toBeCloseTo(fit.r2Logit!, 10);
      expect(transfer.faithfulnessInAnswers[i]![i]).toBeCloseTo(fit.faithfulnessInAnswers!, 10);
      expect(transfer.heldOut).toBe(fit.heldOut);
    });
    expect(transfer.n).toBe(34);
  });

  it("is whole once the intercept is fitted anew, where only the intercept differs", () => {
    expect(transfer.r2OwnIntercept[0]![1]).toBeLessThan(0);
    expect(transfer.r2RefittedIntercept[0]![1]).toBeCloseTo(transfer.r2RefittedIntercept[1]![1]!, 8);
  });

  it("fails where the map is another", () => {
    expect(transfer.r2RefittedIntercept[0]![2]).toBeLessThan(0.2);
    expect(transfer.r2RefittedIntercept[2]![2]).toBeGreaterThan(0.5);
    expect(transfer.faithfulnessInAnswers[0]![2]).toBeLessThan(transfer.faithfulnessInAnswers[2]![2]!);
  });

  it("holds a subject out of the fit on the other template, too", () => {
    // Answers are noise that both templates share: whoever has seen the subject there knows its answer here.
    const noise = { ...base, prompt: gaussian(34, 8, 77) };
    const shared = linearityTransfer([templateOf(noise), templateOf(noise)], options)!;
    expect(shared.r2OwnIntercept[0]![1]).toBeLessThan(0.1);
  });

  it("is null for a template whose answers do not vary, and absent with two subjects", () => {
    const same = { ...base, prompt: selectRows(base.prompt, Array(34).fill(0)) };
    const result = linearityTransfer([templateOf(base), templateOf(same)], options)!;
    expect(result.r2OwnIntercept[0]![1]).toBeNull();
    expect(result.r2OwnIntercept[1]![0]).not.toBeNull();
    expect(linearityTransfer([templateOf(model({ n: 2 }))], options)).toBeNull();
  });
});
