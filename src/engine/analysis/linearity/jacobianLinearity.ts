import { dot, row, zeros, type Matrix } from "../../linalg/matrix";
import { random } from "../../linalg/random";
import { prepareHeldOut, type LinearityTemplate } from "./heldOut";
import { scoredFigures, type LinearityFigures } from "./linearityFigures";
import { answerErrors, ownSource } from "./linearPredictions";
import { centreRows, scorePredictions, type Floats, type LogitSource, type Predictions } from "./predictionScores";

/** The scales β that are tried. */
const scales = Float64Array.from({ length: 40 }, (_, k) => (k + 1) / 8);

/** J_b (h_j − h̄) for base subjects b and all subjects j, h̄ the mean over all; as changes of logits. */
export interface JacobianLogits {
  /** Base subjects. */
  readonly bases: readonly number[];
  /** Over Y, base by base, [bases · n, |Y|]. */
  readonly answers: Matrix;
  /** [bases · n, vocabulary]; null where the vocabulary is not asked for. */
  readonly vocabulary: Floats | null;
}

export interface JacobianOptions {
  readonly seed: number;
  readonly where: string;
}

/**
 * Relational linearity by the model's own derivative (linear-properties section 5; [LRE]): f̂ = a + β W h with W the mean
 * of ∂f(x ⊕ q)/∂h(x) over the base subjects that are in training, and a the mean of f − β W h over all that are. β is
 * the one that is best on the training subjects. Scored like the estimators of `linearity`.
 *
 * @returns nothing with fewer than 3 subjects, or where the answers do not vary
 */
export function jacobianLinearity(
  template: LinearityTemplate,
  products: JacobianLogits,
  { seed, where }: JacobianOptions,
): LinearityFigures[] {
  const { rows } = prepareHeldOut([{ ...template, inputAnswerLogits: null }], { seed, where, standardise: false });
  if (rows === null || rows.heldOut.constant) return [];
  const { data, folds, means, heldOut, sources } = rows;
  const n = data.inputs.rows;
  const changes: LogitSource = {
    answers: centreRows(products.answers),
    vocabulary: products.vocabulary === null ? null : [products.vocabulary],
  };
  const changeWeights = zeros(n, products.answers.rows);
  const betas = folds.map(({ train, test }) => {
    const inTraining = new Set(train);
    const bases = products.bases.flatMap((subject, b) => (inTraining.has(subject) ? [b] : []));
    const deviations = meanChanges(changes.answers, bases, n, train);
    const beta = bestScale(deviations, data.targets, train);
    for (const i of test) {
      const weights = row(changeWeights, i);
      const share = beta / bases.length;
      for (const b of bases) {
        weights[b * n + i]! += share;
        for (const j of train) weights[b * n + j]! -= share / train.length;
      }
    }
    return beta;
  });
  const ownWeights = zeros(n, n);
  for (let i = 0; i < n; i++) row(ownWeights, i).set(row(means.weights, means.of[i]!));
  const predictions: Predictions = {
    count: n,
    terms: [
      { source: ownSource, weights: ownWeights },
      { source: 1, weights: changeWeights },
    ],
  };
  const all = [sources[ownSource]!, changes];
  const scores = scorePredictions(all, [predictions])[0]!;
  const bootstrap = random(seed, `${where} jacobian bootstrap`);
  const figures = scoredFigures("jacobian", heldOut, answerErrors(predictions, data, all), scores, bootstrap);
  return [{ ...figures, beta: betas.reduce((sum, beta) => sum + beta, 0) / betas.length }];
}

/** W (h_j − h̄_train) over Y for all subjects, [n, |Y|], W the mean over the given bases. */
function meanChanges(answers: Matrix, bases: readonly number[], n: number, train: Int32Array): Matrix {
  const out = zeros(n, answers.cols);
  for (const b of bases) {
    for (let j = 0; j < n; j++) {
      const [to, from] = [row(out, j), row(answers, b * n + j)];
      for (let y = 0; y < to.length; y++) to[y]! += from[y]! / bases.length;
    }
  }
  const mean = new Float64Array(answers.cols);
  for (const j of train) row(out, j).forEach((x, y) => (mean[y]! += x / train.length));
  for (let j = 0; j < n; j++) {
    const values = row(out, j);
    for (let y = 0; y < values.length; y++) values[y]! -= mean[y]!;
  }
  return out;
}

/** The scale with the smallest error on the training rows, ‖ȳ + β w − y‖² = const − 2 β ⟨w, y − ȳ⟩ + β² ‖w‖². */
function bestScale(deviations: Matrix, targets: Matrix, train: Int32Array): number {
  let along = 0;
  let square = 0;
  for (const j of train) {
    // Deviations sum to 0 over the training rows, so ȳ drops out.
    along += dot(row(deviations, j), row(targets, j));
    square += dot(row(deviations, j), row(deviations, j));
  }
  const error = (beta: number) => beta * beta * square - 2 * beta * along;
  return scales.reduce((best, beta) => (error(beta) < error(best) ? beta : best));
}
