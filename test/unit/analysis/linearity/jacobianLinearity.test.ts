import { describe, expect, it } from "vitest";
import { jacobianLinearity, type JacobianLogits } from "../../../../src/engine/analysis/linearity/jacobianLinearity";
import { linearity } from "../../../../src/engine/analysis/linearity/linearity";
import { columnMeans, multiplyTransposed, scale, selectRows, subtractFromRows, type Matrix } from "../../../../src/engine/linalg/matrix"; // prettier-ignore
import { options, templateOf, type Model } from "../relationModel";
import { gaussian } from "../toyModel";

const [n, d] = [36, 8];
const bases = [1, 7, 20];
const states = gaussian(n, d, 1);
/** ∂f/∂h. */
const jacobian = scale(gaussian(d, d, 2), 0.5);
const own: Model = {
  subject: states,
  prompt: subtractFromRows(multiplyTransposed(states, jacobian), gaussian(1, d, 3).data),
  g: gaussian(70, d, 4),
  answers: Array.from({ length: 11 }, (_, y) => 2 * y),
};
const centred = subtractFromRows(states, columnMeans(states));

/** Logits of J_b (h_j − h̄), one matrix J for each base. */
function productsOf(jacobians: readonly Matrix[]): JacobianLogits {
  const changes = jacobians.map((j) => multiplyTransposed(centred, j));
  const stacked = { rows: jacobians.length * n, cols: d, data: Float64Array.from(changes.flatMap((a) => [...a.data])) };
  return {
    bases,
    answers: multiplyTransposed(stacked, selectRows(own.g, own.answers)),
    vocabulary: multiplyTransposed(stacked, own.g).data,
  };
}

const fitOf = (jacobians: readonly Matrix[], model = own) =>
  jacobianLinearity({ ...templateOf(model), inputs: states }, productsOf(jacobians), options)[0]!;

describe("the Jacobian estimator", () => {
  it("is exact for a linear model: R² and faithfulness of 1, β = 1", () => {
    const fit = fitOf([jacobian, jacobian, jacobian]);
    expect(fit.r2Logit).toBeCloseTo(1, 10);
    expect(fit.faithfulness).toBe(1);
    expect(fit.klInAnswers).toBeLessThan(1e-10);
    // The model's own logits over the vocabulary are float32.
    expect(fit.kl).toBeLessThan(1e-6);
    expect(fit.beta).toBe(1);
    expect(fit).toMatchObject({ estimator: "jacobian", p: null, lambda: null, n });
  });

  it("averages the derivatives of its base subjects, and finds the scale that they lack", () => {
    const noise = gaussian(d, d, 9);
    const plus = { ...jacobian, data: jacobian.data.map((x, k) => x / 2 + noise.data[k]!) };
    const minus = { ...jacobian, data: jacobian.data.map((x, k) => x / 2 - noise.data[k]!) };
    const fit = fitOf([plus, minus, scale(jacobian, 0.5)]);
    // Where one of the two is held out, the other's noise stays.
    expect(fit.r2Logit).toBeGreaterThan(0.5);
    expect(fitOf([0, 1, 2].map(() => scale(jacobian, 0.5)))).toMatchObject({ beta: 2, faithfulness: 1 });
    expect(fit.r2Logit).toBeLessThan(0.999);
  });

  it("leaves a held-out subject's own derivative out", () => {
    // The first base alone has a derivative. Where it is held out, what is left predicts the mean.
    const nothing = scale(jacobian, 0);
    const fit = fitOf([jacobian, nothing, nothing]);
    const template = { ...templateOf(own), inputs: states, inputAnswerLogits: null };
    const mean = linearity([template], { ...options, shuffles: 0 }).fits.find(({ estimator }) => estimator === "mean")!;
    expect(fit.predictions![bases[0]!]).toBe(mean.predictions![bases[0]!]);
    const right = fit.agreement!.filter((agrees) => agrees === true).length;
    // Everywhere else a third of the derivative, three times as large, is exact.
    expect(right).toBeGreaterThan(n - 6);
    expect(right).toBeLessThan(n);
  });

  it("finds nothing where derivative and answers have nothing to do with one another", () => {
    const fit = fitOf([0, 1, 2].map((k) => gaussian(d, d, 50 + k)));
    expect(fit.r2Logit).toBeLessThan(0.3);
    expect(fit.faithfulness).toBeLessThan(0.5);
  });

  it("is scored on the folds of least squares, and not fitted to two subjects or constant answers", () => {
    const template = { ...templateOf(own), inputs: states, inputAnswerLogits: null };
    const leastSquares = linearity([template], { ...options, shuffles: 0 }).fits[0]!;
    expect(fitOf([jacobian, jacobian, jacobian]).heldOut).toBe(leastSquares.heldOut);
    expect(fitOf([jacobian, jacobian, jacobian]).distinctTopAnswers).toBe(leastSquares.distinctTopAnswers);
    const same = { ...own, prompt: selectRows(own.prompt, Array(n).fill(0)) };
    const none = jacobianLinearity(templateOf(same), productsOf([jacobian, jacobian, jacobian]), options);
    expect(none).toEqual([]);
  });
});
