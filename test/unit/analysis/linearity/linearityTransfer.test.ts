import { describe, expect, it } from "vitest";
import { linearity } from "../../../../src/engine/analysis/linearity/linearity";
import { linearityTransfer } from "../../../../src/engine/analysis/linearity/linearityTransfer";
import { multiply, scale, selectRows, subtractFromRows } from "../../../../src/engine/linalg/matrix";
import { twinOf } from "../../../../src/engine/analysis/twins/twin";
import { random } from "../../../../src/engine/linalg/random";
import { model, options, templateOf, type Model } from "../relationModel";
import { gaussian } from "../toyModel";

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

  it.each(["changeOfBasis", "changeOfDimension"] as const)("is the same for a twin of condition 100 (%s)", (family) => {
    const g = gaussian(120, 8, 21);
    const own = [base, moved].map((one) => ({ ...one, g }));
    const f = own.flatMap(({ subject, prompt }) => [subject, prompt]);
    const twin = twinOf({ f, g }, family, { random: random(5), condition: 100 });
    const theirs = own.map((one, t) => ({ ...one, subject: twin.f[2 * t]!, prompt: twin.f[2 * t + 1]!, g: twin.g }));
    const [left, right] = [own, theirs].map((models) => linearityTransfer(models.map(templateOf), options)!);
    for (const key of ["r2OwnIntercept", "r2RefittedIntercept"] as const) {
      left![key].flat().forEach((value, k) => {
        expect(Math.abs(right![key].flat()[k]! - value!)).toBeLessThan(1e-6 * Math.max(1e-2, Math.abs(value!)));
      });
    }
    expect(right!.faithfulnessInAnswers).toEqual(left!.faithfulnessInAnswers);
  });

  it("is null for a template whose answers do not vary, and absent with two subjects", () => {
    const same = { ...base, prompt: selectRows(base.prompt, Array(34).fill(0)) };
    const result = linearityTransfer([templateOf(base), templateOf(same)], options)!;
    expect(result.r2OwnIntercept[0]![1]).toBeNull();
    expect(result.r2OwnIntercept[1]![0]).not.toBeNull();
    expect(linearityTransfer([templateOf(model({ n: 2 }))], options)).toBeNull();
  });
});
