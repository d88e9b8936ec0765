import { describe, expect, it } from "vitest";
import { klLinearity, type KlTemplate } from "../../../../src/engine/analysis/linearity/klLinearity";
import { fitKlMap, interpolation, klDivergence, klLogits, softmaxRows } from "../../../../src/engine/analysis/linearity/klMap"; // prettier-ignore
import { KlNewton } from "../../../../src/engine/analysis/linearity/klNewton";
import { choosePenalties, klShares, smallestPlace, type KlRows } from "../../../../src/engine/analysis/linearity/klPenalty"; // prettier-ignore
import { linearity } from "../../../../src/engine/analysis/linearity/linearity";
import { twinOf } from "../../../../src/engine/analysis/twins/twin";
import { symmetricEigen } from "../../../../src/engine/linalg/decompositions";
import { columnMeans, multiply, multiplyTransposed, scale, selectRows, subtractFromRows, transpose, type Matrix } from "../../../../src/engine/linalg/matrix"; // prettier-ignore
import { random } from "../../../../src/engine/linalg/random";
import { centre, model, options, templateOf, unrelated, type Model } from "../relationModel";
import { gaussian, geometryOf } from "../toyModel";

const klTemplate = (own: Model): KlTemplate => ({
  ...templateOf(own),
  prompts: geometryOf(own.g).embed(own.prompt),
});

function klOf(own: Model) {
  const { fits, warnings } = klLinearity(klTemplate(own), options);
  const [fit] = fits;
  if (fit === undefined) throw new Error("no fit");
  return { fit, codes: warnings.map(({ code }) => code) };
}

/** Distributions that are neither sharp nor flat. */
const soften = (own: Model): Model => ({ ...own, prompt: scale(own.prompt, 0.3) });

describe("the map fitted by KL", () => {
  it("finds an exactly linear relation: R² and faithfulness of 1 held out", () => {
    const { fit } = klOf(soften(model({ n: 32, d: 6, rank: 2, answers: 12 })));
    expect(fit.r2Logit).toBeGreaterThan(1 - 1e-4);
    expect(fit.faithfulness).toBe(1);
    expect(fit.faithfulnessInAnswers).toBe(1);
    expect(fit.klInAnswers).toBeLessThan(1e-5);
    // Twelve answers fix all six directions of f.
    expect(fit.kl).toBeLessThan(1e-5);
    expect(fit.agreement).toEqual(Array(32).fill(true));
    expect(fit.estimator).toBe("kl");
    expect(fit.heldOut).toBe("10 folds by subject");
  });

  it("is at or below the mean baseline where there is nothing to find", () => {
    const runs = Array.from({ length: 6 }, (_, k) => klOf(soften(unrelated(18, 300 * k, 6))).fit);
    const mean = runs.reduce((sum, fit) => sum + fit.r2Logit! / runs.length, 0);
    expect(mean).toBeLessThan(0.05);
    expect(runs.every((fit) => fit.lambda! > 0)).toBe(true);
  });

  it("has less held-out KL among the answers than least squares where the probabilities are what matters", () => {
    // A part of the answers is never likely, and their log-probabilities are noise.
    const n = 36;
    const own = soften(model({ n, d: 8, answers: 8, noise: 0, seed: 5 }));
    const g = { ...own.g, data: own.g.data.slice() };
    const wild = gaussian(n, 3, 9);
    const template = klTemplate({ ...own, g });
    const answerLogits = { ...template.answerLogits, data: template.answerLogits.data.slice() };
    for (let i = 0; i < n; i++) {
      for (let y = 0; y < 3; y++) answerLogits.data[i * 8 + y] = -14 + 4 * wild.data[i * 3 + y]!;
    }
    const noisy = { ...template, answerLogits, vocabulary: null };
    const kl = klLinearity(noisy, options).fits[0]!;
    const leastSquares = linearity([noisy], { ...options, shuffles: 0 }).fits[0]!;
    expect(kl.klInAnswers).toBeLessThan(leastSquares.klInAnswers!);
  });

  it.each(["changeOfBasis", "changeOfDimension"] as const)("is the same for a twin of condition 100 (%s)", (family) => {
    const own = soften(model({ n: 20, d: 16, tokens: 120, noise: 0.5, seed: 11 }));
    const twin = twinOf({ f: [own.subject, own.prompt], g: own.g }, family, { random: random(3), condition: 100 });
    const theirs = { ...own, subject: twin.f[0]!, prompt: twin.f[1]!, g: twin.g };
    const [left, right] = [klOf(own).fit, klOf(theirs).fit];
    for (const key of ["r2Logit", "faithfulness", "faithfulnessInAnswers", "klInAnswers", "lambda"] as const) {
      expect(Math.abs(right[key]! - left[key]!), key).toBeLessThanOrEqual(1e-6 * Math.max(1e-2, Math.abs(left[key]!)));
    }
    // The vocabulary's logits are float32 here.
    expect(Math.abs(right.kl! - left.kl!)).toBeLessThan(1e-5 * left.kl!);
    expect(right.predictions).toEqual(left.predictions);
  });

  it("takes the λ and begins from the maps that it is given", () => {
    const template = klTemplate(soften(model({ n: 20, d: 16, noise: 0.5, seed: 11 })));
    const chosen = klLinearity(template, options);
    const found = chosen.found!;
    expect(found.places).toHaveLength(5);
    expect(found.maps).toHaveLength(20);
    const again = klLinearity(template, { ...options, known: found });
    expect(again.found!.places).toEqual(found.places);
    expect(again.fits[0]!.klInAnswers! / chosen.fits[0]!.klInAnswers!).toBeCloseTo(1, 6);
    const lower = klLinearity(template, {
      ...options,
      known: { ...found, places: found.places.map((place) => place - 3) },
    });
    expect(lower.fits[0]!.lambda! / chosen.fits[0]!.lambda!).toBeCloseTo(1e-3, 8);
    expect(lower.fits[0]!.klInAnswers).not.toBeCloseTo(chosen.fits[0]!.klInAnswers!, 3);
  });

  it("comes to its own minimum from the maps of another model", () => {
    const own = soften(model({ n: 20, d: 16, noise: 0.5, seed: 11 }));
    const [template, other] = [klTemplate(own), klTemplate(soften(model({ n: 20, d: 16, noise: 0.5, seed: 12 })))];
    const { places } = klLinearity(template, options).found!;
    const cold = klLinearity(template, { ...options, known: { places, maps: [] } }).fits[0]!;
    const misled = klLinearity(template, {
      ...options,
      known: { places, maps: klLinearity(other, options).found!.maps },
    });
    expect(misled.warnings.map(({ code }) => code)).not.toContain("kl-not-converged");
    for (const key of ["r2Logit", "faithfulness", "klInAnswers", "lambda"] as const) {
      expect(Math.abs(misled.fits[0]![key]! - cold[key]!), key).toBeLessThan(1e-6);
    }
  });

  describe("from a hidden layer", () => {
    /** Inputs of another width, scaled unequally, from which f after the prompt follows linearly. */
    const hidden = (own: Model, width: number): KlTemplate => {
      const map = gaussian(own.subject.cols, width, 77);
      const states = multiply(own.subject, map);
      const data = states.data.map((x, k) => x * (1 + (k % width)) + 5);
      return { ...klTemplate(own), inputs: { ...states, data }, inputAnswerLogits: null };
    };
    const atLayer = { ...options, standardise: true };
    const linear = soften(model({ n: 40, d: 5, rank: 2, answers: 8 }));

    it("finds an exactly linear relation", () => {
      const fit = klLinearity(hidden(linear, 9), atLayer).fits[0]!;
      expect(fit.r2Logit).toBeGreaterThan(0.999);
      expect(fit.faithfulnessInAnswers).toBe(1);
    });

    it("is the same in any orthonormal basis of the layer, and not if it is stretched", () => {
      const template = hidden(soften(model({ n: 20, d: 16, noise: 0.5, seed: 11 })), 12);
      const turned = multiply(template.inputs, symmetricEigen(multiplyTransposed(gaussian(12, 12, 5), gaussian(12, 12, 5))).vectors); // prettier-ignore
      const stretched = { ...template.inputs, data: template.inputs.data.map((x, k) => (k % 12 === 0 ? 30 * x : x)) };
      const [one, other, third] = [template.inputs, turned, stretched].map(
        (inputs) => klLinearity({ ...template, inputs }, atLayer).fits[0]!,
      );
      expect(Math.abs(other!.klInAnswers! - one!.klInAnswers!)).toBeLessThan(1e-6 * one!.klInAnswers!);
      expect(Math.abs(third!.klInAnswers! - one!.klInAnswers!)).toBeGreaterThan(1e-3 * one!.klInAnswers!);
    });

    it("is not fitted where the states are the same for every subject", () => {
      const template = hidden(linear, 9);
      const constant = { ...template.inputs, data: template.inputs.data.map((_, k) => k % 9) };
      expect(klLinearity({ ...template, inputs: constant }, atLayer).fits).toEqual([]);
    });
  });

  it("is not fitted for a handful of subjects, nor where it would take minutes", () => {
    expect(klLinearity(klTemplate(model({ n: 5 })), options).fits).toEqual([]);
    const large = klLinearity(klTemplate(model({ n: 200, d: 4, answers: 20, tokens: 60 })), options);
    expect(large.fits).toEqual([]);
    expect(large.warnings.map(({ code }) => code)).toEqual(["kl-too-costly"]);
  });
});

function rowsOf(own: Model): KlRows {
  const inputs = subtractFromRows(own.subject, columnMeans(own.subject));
  const logits = centre(multiplyTransposed(own.prompt, selectRows(own.g, own.answers)));
  const gram = multiplyTransposed(inputs, inputs);
  return { gramOf: () => gram, logits, probabilities: softmaxRows(logits) };
}

describe("the smallest λ of the KL fit", () => {
  it("follows the training answers exactly where the subjects span enough directions, else keeps its digits", () => {
    expect(klShares[smallestPlace(rowsOf(model({ n: 12, d: 20 })))]).toBeCloseTo(1e-12, 20);
    const singular = klShares[smallestPlace(rowsOf(model({ n: 20, d: 6 })))]!;
    expect(singular).toBeGreaterThan(1e-9);
    expect(singular).toBeLessThan(1e-6);
  });

  it("is used with subjects that occur twice, and all fits find their minimum", () => {
    const own = soften(model({ n: 12, d: 20, answers: 6, noise: 0.3, seed: 2 }));
    const twice = [...Array(12).keys(), ...Array(6).keys()];
    const doubled = { ...own, subject: selectRows(own.subject, twice), prompt: selectRows(own.prompt, twice) };
    const { fit, codes } = klOf(doubled);
    expect(codes).not.toContain("kl-not-converged");
    expect(Number.isFinite(fit.r2Logit)).toBe(true);
    expect(fit.klInAnswers).toBeLessThan(3);
  });
});

describe("the choice of λ for the KL fit", () => {
  const own = soften(model({ n: 24, d: 6, answers: 5, noise: 0.5, seed: 8 }));
  const rows = rowsOf(own);
  const { logits } = rows;
  const groupOf = Int32Array.from({ length: 24 }, (_, i) => i % 6);

  it("of a group is not moved by what the group's own subjects say", () => {
    const before = choosePenalties(rows, groupOf, 6);
    for (const group of [0, 3]) {
      const other = { ...logits, data: logits.data.map((x, k) => (groupOf[Math.floor(k / 5)] === group ? -2 * x : x)) };
      const after = choosePenalties({ ...rows, logits: other, probabilities: softmaxRows(other) }, groupOf, 6);
      expect(after[group]).toBe(before[group]);
    }
    const noise = centre(gaussian(24, 5, 3));
    const changed = choosePenalties({ ...rows, logits: noise, probabilities: softmaxRows(noise) }, groupOf, 6);
    expect(changed).not.toEqual(before);
  });

  it.each([
    { name: "a relation", data: own },
    { name: "a linear one", data: soften(model({ n: 24, d: 6, answers: 5, seed: 3 })) },
    { name: "nothing to find", data: soften(unrelated(24, 12, 5)) },
    { name: "more directions than subjects", data: model({ n: 24, d: 30, answers: 7, noise: 0.3, seed: 4 }) },
  ])("is what trying every λ on every pair of groups gives: $name", ({ data }) => {
    const all = rowsOf(data);
    const groups = 6;
    const places = choosePenalties(all, groupOf, groups);
    const sums = everySum(all, groups);
    sums.forEach((tried, group) => {
      const best = Math.min(...tried);
      // Fits that are as rough leave a hundredth.
      expect(tried[places[group]!]! / best).toBeLessThan(1.02);
    });
  });

  /** Held-out KL of the others by group and place, every map fitted on its own. */
  function everySum(all: KlRows, groups: number): number[][] {
    const first = smallestPlace(all);
    const whole = all.gramOf([]);
    const rowsIn = (wanted: (group: number) => boolean) => [...groupOf.keys()].filter((i) => wanted(groupOf[i]!));
    return Array.from({ length: groups }, (_, group) =>
      Array.from({ length: klShares.length }, (__, place) => {
        if (place < first) return Infinity;
        let sum = 0;
        for (let other = 0; other < groups; other++) {
          if (other === group) continue;
          const train = rowsIn((g) => g !== group && g !== other);
          const test = rowsIn((g) => g === other);
          const gram = part(whole, train, train);
          const newton = new KlNewton(gram, selectRows(all.probabilities, train));
          const start = interpolation(gram, selectRows(all.logits, train));
          const map = fitKlMap(newton, klShares[place]! * spread(gram), 1e-3, start);
          sum += klDivergence(selectRows(all.probabilities, test), klLogits(map, part(whole, test, train)));
        }
        return sum;
      }),
    );
  }

  function part(a: Matrix, wanted: readonly number[], cols: readonly number[]): Matrix {
    return transpose(selectRows(transpose(selectRows(a, wanted)), cols));
  }

  /** Mean squared distance from the mean. */
  function spread(gram: Matrix): number {
    const n = gram.rows;
    const trace = gram.data.reduce((sum, x, k) => sum + (k % (n + 1) === 0 ? x : 0), 0);
    return trace / n - gram.data.reduce((sum, x) => sum + x, 0) / n ** 2;
  }
});
