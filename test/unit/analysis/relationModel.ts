import { linearity, type LinearityEstimator, type LinearityFigures, type LinearityTemplate } from "../../../src/engine/analysis/linearity/linearity"; // prettier-ignore
import { multiply, multiplyTransposed, row, selectRows, subtractFromRows, type Matrix } from "../../../src/engine/linalg/matrix"; // prettier-ignore
import { gaussian, geometryOf, mean } from "./toyModel";

export const options = { seed: 1, where: "linearity", standardise: false, shuffles: 60 };

export interface Model {
  /** f after the subject and after the prompt, [n, d]. */
  readonly subject: Matrix;
  readonly prompt: Matrix;
  readonly g: Matrix;
  /** Ids of Y. */
  readonly answers: readonly number[];
}

export function plus(a: Matrix, b: Matrix, factor = 1): Matrix {
  return { ...a, data: a.data.map((x, k) => x + factor * b.data[k]!) };
}

/** f(x ⊕ q) = A f(x) + a plus noise; A of the given rank. */
export function model({ n = 20, d = 12, tokens = 60, answers = 10, rank = 12, noise = 0, seed = 1 }): Model {
  const subject = gaussian(n, d, seed);
  const a = multiply(gaussian(d, rank, seed + 1), gaussian(rank, d, seed + 2));
  const image = multiplyTransposed(subject, { ...a, data: a.data.map((x) => x / Math.sqrt(d * rank)) });
  const shifted = subtractFromRows(image, gaussian(1, d, seed + 3).data);
  const prompt = plus(shifted, gaussian(n, d, seed + 4), noise);
  return {
    subject,
    prompt,
    g: gaussian(tokens, d, seed + 5),
    answers: Array.from({ length: answers }, (_, y) => 3 * y),
  };
}

/** f(x ⊕ q) has nothing to do with f(x). */
export function unrelated(n: number, seed: number, d = 12): Model {
  return { ...model({ n, d, seed }), prompt: gaussian(n, d, seed + 100) };
}

export function templateOf({ subject, prompt, g, answers }: Model): LinearityTemplate {
  const gy = selectRows(g, answers);
  return {
    inputs: geometryOf(g).embed(subject),
    answerLogits: multiplyTransposed(prompt, gy),
    inputAnswerLogits: multiplyTransposed(subject, gy),
    vocabulary: {
      size: g.rows,
      logits: Float32Array.from(multiplyTransposed(prompt, g).data),
      inputLogits: Float32Array.from(multiplyTransposed(subject, g).data),
    },
  };
}

export function fitsOf(templates: readonly LinearityTemplate[], changed: Partial<typeof options> = {}) {
  const { fits, warnings } = linearity(templates, { ...options, ...changed });
  const of = (estimator: LinearityEstimator): LinearityFigures => {
    const fit = fits.find((candidate) => candidate.estimator === estimator);
    if (fit === undefined) throw new Error(`no ${estimator}`);
    return fit;
  };
  return { of, codes: warnings.map(({ code }) => code), fits, warnings };
}

export function centre(a: Matrix): Matrix {
  return { ...a, data: a.data.map((x, k) => x - mean(row(a, Math.floor(k / a.cols)))) };
}

export function squaredDistance(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, x, k) => sum + (x - b[k]!) ** 2, 0);
}

/** ‖G_Y (f̂ − f)‖², rows of G_Y centred. */
export function logitDistance(a: Float64Array, b: Float64Array, gy: Matrix): number {
  const logits = multiplyTransposed(gy, { rows: 1, cols: a.length, data: a.map((x, k) => x - b[k]!) }).data;
  const centreOf = mean(logits);
  return logits.reduce((sum, x) => sum + (x - centreOf) ** 2, 0);
}
