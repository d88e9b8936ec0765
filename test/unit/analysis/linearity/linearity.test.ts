import { describe, expect, it } from "vitest";
import { linearity, type LinearityTemplate } from "../../../../src/engine/analysis/linearity/linearity";
import { inOrder, ridgeFold } from "../../../../src/engine/analysis/linearity/ridgeFold";
import { trainingShuffler } from "../../../../src/engine/analysis/linearity/shuffledTraining";
import { columnMeans, multiply, row, selectRows, subtractFromRows } from "../../../../src/engine/linalg/matrix";
import { random } from "../../../../src/engine/linalg/random";
import { centre, fitsOf, model, options, squaredDistance, templateOf, unrelated } from "../relationModel";
import { gaussian, mean } from "../toyModel";

describe("linearity of an exactly linear relation", () => {
  // The smallest λ is 1e-4 of the mean variance summed over d directions: it biases R² by about (1e-4 d / n)².
  const linear = templateOf(model({ n: 60, d: 6, rank: 2 }));

  it("has R² = 1 and names every held-out answer", () => {
    const { of, codes } = fitsOf([linear]);
    const fit = of("leastSquares");
    expect(fit.r2Logit).toBeGreaterThan(1 - 1e-6);
    expect(fit.r2Logit).toBeLessThan(1);
    expect(fit.faithfulness).toBe(1);
    expect(fit.faithfulnessInAnswers).toBe(1);
    expect(fit.agreement).toEqual(Array(60).fill(true));
    expect(fit.kl).toBeLessThan(1e-6);
    expect(fit.p).toBeCloseTo(1 / 61, 12);
    expect(fit.heldOut).toBe("10 folds by subject");
    expect(codes).toContain("lambda-edge");
  });

  it("has the rank of its map, and as many singular values that matter", () => {
    const fit = fitsOf([linear]).of("leastSquares");
    expect(fit.rank).toBe(2);
    const [first, second, third] = fit.singularValues!;
    expect(second).toBeGreaterThan(0.05 * first!);
    expect(third).toBeLessThan(1e-3 * first!);
  });

  it("beats the baselines, the mean being 0 exactly", () => {
    const { of } = fitsOf([linear]);
    expect(of("mean").r2Logit).toBe(0);
    expect(of("mean").interval).toEqual([0, 0]);
    expect(of("shuffled").r2Logit).toBeLessThan(0.1);
    expect(of("shuffled").faithfulness).toBeLessThan(0.6);
    expect(of("identity").r2Logit).toBeLessThan(0.5);
  });

  it("is a translation where only the offset differs", () => {
    const base = model({ n: 20, seed: 3 });
    const { of } = fitsOf([templateOf({ ...base, prompt: subtractFromRows(base.subject, gaussian(1, 12, 8).data) })]);
    expect(of("translation").r2Logit).toBeCloseTo(1, 10);
    expect(of("translation").faithfulness).toBe(1);
    expect(of("identity").r2Logit).toBeLessThan(0.9);
    expect(fitsOf([templateOf({ ...base, prompt: base.subject })]).of("identity").r2Logit).toBeCloseTo(1, 10);
  });
});

describe("linearity of an unrelated pair", () => {
  it("has p about uniform, and R² at or below 0", () => {
    const runs = Array.from({ length: 80 }, (_, k) => {
      const template = { ...templateOf(unrelated(12, 1000 * k)), vocabulary: null };
      return fitsOf([template], { seed: k, shuffles: 39 }).of("leastSquares");
    });
    const p = runs.map((fit) => fit.p!);
    const below = (level: number) => p.filter((x) => x <= level).length / p.length;
    // Three standard errors: .17 at .5, .10 at .1.
    expect(Math.abs(below(0.5) - 0.5)).toBeLessThan(0.17);
    expect(Math.abs(below(0.1) - 0.1)).toBeLessThan(0.1);
    expect(Math.abs(below(0.8) - 0.8)).toBeLessThan(0.14);
    expect(mean(runs.map((fit) => fit.r2Logit!))).toBeLessThan(0.02);
  });

  it("says that there is no rank and that λ is at its edge", () => {
    const { of, codes } = fitsOf([templateOf(unrelated(15, 5))]);
    expect(of("leastSquares").r2Logit).toBeLessThanOrEqual(0);
    expect(of("leastSquares").rank).toBeNull();
    expect(codes).toContain("no-held-out-rank");
    expect(codes).toContain("lambda-edge");
  });
});

describe("the shuffled baseline", () => {
  it("trains on a permutation of the fold's own answers, whatever the fold", () => {
    const n = 12;
    const subjects = inOrder(3 * n).map((i) => i % n);
    for (let seed = 0; seed < 50; seed++) {
      const permutation = random(seed).permutation(n);
      const held = [seed % n, (seed + 5) % n];
      const train = inOrder(3 * n).filter((i) => !held.includes(subjects[i]!));
      const order = trainingShuffler(train, subjects)(permutation);
      expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from(train.keys()));
      order.forEach((source, p) => {
        // The same template, and the same exchange of subjects in every template.
        expect(Math.floor(train[source]! / n)).toBe(Math.floor(train[p]! / n));
        expect(source % (n - 2)).toBe(order[p % (n - 2)]! % (n - 2));
      });
    }
  });

  it("does not leak: a shuffle made before the split looks as good as a weak fit, ours below 0", () => {
    // With the held-out answer among the training answers even their mean knows it: R² = 1 − ((n − 1)/n)².
    const n = 8;
    const scores = Array.from({ length: 10 }, (_, seed) => {
      const weak = { ...templateOf(model({ n, d: 6, rank: 6, noise: 0.6, seed: 50 * seed + 1 })), vocabulary: null };
      const { of } = fitsOf([weak], { seed });
      return { real: of("leastSquares").r2Logit!, ours: of("shuffled").r2Logit!, leaky: leakyShuffle(weak, seed) };
    });
    const average = (key: "real" | "ours" | "leaky") => mean(scores.map((score) => score[key]));
    expect(average("real")).toBeGreaterThan(0.03);
    expect(average("leaky")).toBeGreaterThan(average("real"));
    expect(average("ours")).toBeLessThan(0);
  });

  /** Answers permuted once over all subjects, then split: the held-out answer is another training subject's. */
  function leakyShuffle({ inputs, answerLogits }: LinearityTemplate, seed: number): number {
    const n = inputs.rows;
    const centred = centre(answerLogits);
    const draws = random(seed, "leaky");
    const r2: number[] = [];
    for (let draw = 0; draw < 20; draw++) {
      const shuffled = selectRows(centred, draws.permutation(n));
      let [numerator, denominator] = [0, 0];
      for (let i = 0; i < n; i++) {
        const train = inOrder(n).filter((j) => j !== i);
        const data = { inputs, targets: shuffled, subjects: inOrder(n), strata: new Int32Array(n), standardise: false };
        const fold = ridgeFold(data, { train, test: Int32Array.from([i]) });
        const { lambda } = fold.fit();
        const deviations = multiply(fold.weights(lambda), fold.targets);
        const predicted = subtractFromRows(
          deviations,
          columnMeans(selectRows(shuffled, train)).map((x) => -x),
        );
        const truth = row(centred, i);
        numerator += squaredDistance(truth, row(predicted, 0));
        denominator += squaredDistance(truth, columnMeans(selectRows(centred, train)));
      }
      r2.push(1 - numerator / denominator);
    }
    return mean(r2);
  }
});

describe("linearity pooled over templates", () => {
  const base = model({ n: 20, d: 8, seed: 21 });
  const second = {
    ...base,
    prompt: subtractFromRows(
      base.prompt,
      gaussian(1, 8, 9).data.map((x) => 5 * x),
    ),
  };

  it("centres each template by its own mean: different offsets change nothing", () => {
    const one = fitsOf([templateOf(base)], { shuffles: 0 }).of("leastSquares");
    const both = fitsOf([templateOf(base), templateOf(second)], { shuffles: 0 });
    expect(both.of("mean").r2Logit).toBe(0);
    expect(both.of("leastSquares").r2Logit).toBeGreaterThan(0.99);
    // The same inputs twice: the same fits, since λ is relative to the trace.
    expect(both.of("leastSquares").r2Logit).toBeCloseTo(one.r2Logit!, 3);
    expect(both.of("leastSquares").n).toBe(20);
    expect(both.of("leastSquares").agreement).toBeNull();
  });

  it("holds a subject out of all templates at once", () => {
    // The subject's vector is the same in both templates, the answers are noise that both share.
    const noise = { ...base, prompt: gaussian(20, 8, 77) };
    const { of } = fitsOf([templateOf(noise), templateOf(noise)], { shuffles: 19 });
    expect(of("leastSquares").r2Logit).toBeLessThan(0.1);
    expect(of("shuffled").r2Logit).toBeLessThan(0.05);
    expect(of("leastSquares").p).toBeGreaterThan(0.05);
  });

  it("refuses templates of different shapes", () => {
    expect(() => linearity([templateOf(base), templateOf(model({ n: 19, d: 8 }))], options)).toThrow(RangeError);
  });
});

describe("linearity that cannot be computed", () => {
  it("needs three subjects", () => {
    const { fits, codes } = fitsOf([templateOf(model({ n: 2 }))]);
    expect(fits).toEqual([]);
    expect(codes).toEqual(["linearity-too-few-subjects"]);
    expect(fitsOf([templateOf(model({ n: 3 }))]).of("leastSquares").n).toBe(3);
  });

  it("gives null for answers that do not vary", () => {
    const base = model({ n: 6 });
    const same = { ...base, prompt: selectRows(base.prompt, [0, 0, 0, 0, 0, 0]) };
    const { of, codes } = fitsOf([templateOf(same)]);
    expect(codes).toContain("constant-answers");
    expect(of("leastSquares")).toMatchObject({ r2Logit: null, p: null, rank: null, interval: null });
  });

  it("says that faithfulness carries no information where one token is always first", () => {
    const base = model({ n: 12, noise: 0.2 });
    const biased = { ...base, g: { ...base.g, data: Float64Array.from(base.g.data) } };
    const template = templateOf(biased);
    const { size, logits } = template.vocabulary!;
    for (let i = 0; i < 12; i++) logits[i * size + 7]! += 1000;
    const { of, codes } = fitsOf([template]);
    expect(codes).toContain("one-distinct-top-answer");
    expect(of("leastSquares").distinctTopAnswers).toBe(1);
    expect(of("mean").faithfulness).toBe(1);
  });

  it("counts the top tokens that it is given where there is no vocabulary", () => {
    const base = { ...templateOf(model({ n: 12 })), vocabulary: null };
    const topTokens = Array.from({ length: 12 }, (_, i) => i % 5);
    const { of, codes } = fitsOf([
      { ...base, topTokens },
      { ...base, topTokens: topTokens.map((id) => id + 3) },
    ]);
    expect(of("leastSquares").distinctTopAnswers).toBe(8);
    expect(codes).not.toContain("one-distinct-top-answer");
  });

  it("says that inputs do not vary", () => {
    const base = model({ n: 8 });
    const { of, codes } = fitsOf([templateOf({ ...base, subject: selectRows(base.subject, Array(8).fill(0)) })]);
    expect(codes).toContain("constant-inputs");
    expect(of("leastSquares")).toMatchObject({ r2Logit: 0, lambda: null });
  });

  it("leaves vocabulary figures out where there is no vocabulary, and p where no shuffles are wanted", () => {
    const { of, fits } = fitsOf([{ ...templateOf(model({})), vocabulary: null, inputAnswerLogits: null }], {
      shuffles: 0,
    });
    expect(of("leastSquares")).toMatchObject({ faithfulness: null, kl: null, p: null });
    expect(of("leastSquares").klInAnswers).toBeGreaterThanOrEqual(0);
    expect(fits.map((fit) => fit.estimator)).toEqual(["leastSquares", "mean"]);
  });

  it("is the same to the last digit for the same seed", () => {
    const template = templateOf(model({ noise: 1 }));
    expect(linearity([template], options)).toEqual(linearity([template], options));
    const shuffled = (seed: number) => fitsOf([template], { seed }).of("shuffled").r2Logit;
    expect(shuffled(2)).not.toBe(shuffled(1));
  });
});
