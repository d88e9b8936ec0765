import { symmetricEigen } from "../../linalg/decompositions";
import { columnMeans, multiply, multiplyTransposed, selectRows, subtractFromRows } from "../../linalg/matrix";
import { row, transpose, zeros, type Matrix } from "../../linalg/matrix";
import { random } from "../../linalg/random";
import { contextSpan } from "../geometry/contextSpan";
import { rowSpace } from "../geometry/rowSpace";
import { prepareHeldOut, type HeldOutRows, type LinearityTemplate } from "./heldOut";
import { geometricMean, scoredFigures, type AnalysisWarning, type LinearityResult } from "./linearityFigures";
import { answerErrors, inputSource, ownSource } from "./linearPredictions";
import { softmaxRows, type KlStart } from "./klMap";
import { choosePenalties, KlFitter, klShares, smallestPlace, type KlRows } from "./klPenalty";
import { centreRows, scorePredictions, type Predictions } from "./predictionScores";
import { inOrder } from "./ridgeFold";

/** A template whose inputs are f after the subject, or a hidden state where logits read from the inputs are null. */
export interface KlTemplate extends LinearityTemplate {
  /** Cᵀ f after the prompt, [n, r]: with inputs that are f, the contexts that predictions are made of. */
  readonly prompts: Matrix;
}

export interface KlOptions {
  readonly seed: number;
  readonly where: string;
  /** Whether the inputs have no metric of their own: Ledoit–Wolf covariance of the training rows; false where absent. */
  readonly standardise?: boolean;
  /** Bootstrap intervals; true where absent. */
  readonly intervals?: boolean;
  /** Of a model with the same distribution, such as an exact twin; λ are chosen here where absent. */
  readonly known?: KnownKlFit | undefined;
}

/** What was found for one model, and what to begin from in another that says the same. */
export interface KnownKlFit {
  /** Of the λ chosen, in `klShares`, for each group of folds. */
  readonly places: readonly number[];
  /** Of each fold. */
  readonly maps: readonly KlStart[];
}

export interface KlResult extends LinearityResult {
  /** Null without a fit. */
  readonly found: KnownKlFit | null;
}

/** Groups of folds that penalties are chosen for, so that each is chosen by 4 inner folds. */
const mostGroups = 5;
const fewestGroups = 3;
const fewestSubjects = 6;

/** Multiplications that all fits of one template may cost; a few seconds. */
const budget = 4e9;

/**
 * Relational linearity by KL (linear-properties section 5; [Rel]): the affine map whose distributions over Y are nearest
 * to the model's, fitted in every fold of `linearity` and scored like its estimators.
 *
 * f̂ is the training mean plus the shortest vector (in the coordinates Cᵀf) between contexts of training subjects that
 * gives the logits over Y that were found: on the directions that decide between answers, what was fitted; beyond them,
 * the training mean. Contexts are those after the prompt and, from f, after the subject. As such a vector is a weighted sum of contexts, its logits are those of a weighted sum, too.
 */
export function klLinearity(
  template: KlTemplate,
  { seed, where, standardise = false, intervals = true, known }: KlOptions,
): KlResult {
  const { rows } = prepareHeldOut([template], { seed, where, standardise });
  if (rows === null || rows.heldOut.constant || rows.heldOut.n < fewestSubjects) return nothing;
  const { data, folds, heldOut, sources } = rows;
  const warnings: AnalysisWarning[] = [];
  const [n, answers] = [data.inputs.rows, data.targets.cols];
  if (folds.length * 8 * n ** 3 * answers > budget) {
    const message = `No map is fitted by KL: with ${n} subjects and ${answers} answers it would take too long.`;
    return { ...nothing, warnings: [{ code: "kl-too-costly", message, where }] };
  }

  const problem: KlRows = {
    gramOf: standardise ? standardisedGrams(data.inputs) : sameGram(data.inputs),
    logits: data.targets,
    probabilities: softmaxRows(data.targets),
  };
  if (problem.gramOf(inOrder(n)).data.every((x) => x === 0)) return nothing;
  const groups = Math.max(fewestGroups, Math.min(mostGroups, folds.length));
  const groupOf = new Int32Array(n);
  folds.forEach(({ test }, k) => test.forEach((i) => (groupOf[i] = k % groups)));
  const first = smallestPlace(problem);
  const places = known?.places ?? choosePenalties(problem, groupOf, groups, first);
  warnAboutEdges(places, first, (message) => warnings.push({ code: "kl-lambda-edge", message, where }));

  const fitter = new KlFitter(problem, first);
  const logits = zeros(n, answers);
  let unfinished = 0;
  const fits = folds.map(({ train, test }, k) => {
    const fit = fitter.fit(Array.from(train), Array.from(test), places[k % groups]!, known?.maps[k]);
    if (!fit.map.converged) unfinished++;
    test.forEach((i, r) => row(logits, i).set(row(fit.predicted, r)));
    return fit;
  });
  if (unfinished > 0) {
    const message = `In ${unfinished} of ${folds.length} folds rounding kept the KL fit from its minimum; its figures may be off in the third digit.`;
    warnings.push({ code: "kl-not-converged", message, where });
  }
  const predictions = throughContexts(template, rows, centreRows(logits));
  const scores = scorePredictions(sources, [predictions])[0]!;
  const errors = answerErrors(predictions, data, sources);
  const bootstrap = intervals ? random(seed, `${where} kl bootstrap`) : null;
  const found = { places, maps: fits.map(({ map: { coefficients, intercept } }) => ({ coefficients, intercept })) };
  const figures = scoredFigures("kl", heldOut, errors, scores, bootstrap);
  return { fits: [{ ...figures, lambda: geometricMean(fits.map(({ lambda }) => lambda)) }], warnings, found };
}

const nothing: KlResult = { fits: [], warnings: [], found: null };

/** Inputs that have a metric: the same inner products for any training rows. */
function sameGram(inputs: Matrix): KlRows["gramOf"] {
  const centred = subtractFromRows(inputs, columnMeans(inputs));
  const gram = multiplyTransposed(centred, centred);
  return () => gram;
}

/** Inputs without: in the directions that the training rows span, which is all that their fits see. */
function standardisedGrams(inputs: Matrix): KlRows["gramOf"] {
  return (train) => {
    const coordinates = rowSpace(selectRows(inputs, train), { standardise: true }).project(inputs);
    return multiplyTransposed(coordinates, coordinates);
  };
}

/** @param logits wanted over Y, [n, |Y|], centred */
function throughContexts(
  template: KlTemplate,
  { data, sources, folds, means }: HeldOutRows,
  logits: Matrix,
): Predictions {
  const n = data.inputs.rows;
  const input = sources[inputSource];
  const contexts = input === undefined ? template.prompts : stackRows(template.prompts, template.inputs);
  const gram = multiplyTransposed(contexts, contexts);
  // Read-outs of the answers in all contexts, [|Y|, contexts].
  const values = transpose(input === undefined ? data.targets : stackRows(data.targets, input.answers));
  const own = zeros(n, n);
  const inputs = zeros(n, n);
  for (const { train, test } of folds) {
    const span = contextSpan(gram, [...train, ...(input === undefined ? [] : Array.from(train, (i) => n + i))]);
    const readOuts = span.readOuts(values);
    const mean = columnMeans(selectRows(data.targets, train));
    const wanted = subtractFromRows(selectRows(logits, test), mean);
    const weights = span.weights(shortest(readOuts, wanted));
    test.forEach((i, r) => {
      row(own, i).set(row(means.weights, means.of[i]!));
      span.contexts.forEach((context, c) => {
        const weight = weights.data[r * weights.cols + c]!;
        if (context < n) own.data[i * n + context]! += weight;
        else inputs.data[i * n + context - n]! += weight;
      });
    });
  }
  return {
    count: n,
    terms: [
      { source: ownSource, weights: own },
      ...(input === undefined ? [] : [{ source: inputSource, weights: inputs }]),
    ],
  };
}

/** Read-outs below this share of the strongest cannot be set. */
const relativeTolerance = 1e-10;

/** The shortest z with readOuts z = wanted for each row of it [m, |Y|], as near as that can be had: [m, rank]. */
function shortest(readOuts: Matrix, wanted: Matrix): Matrix {
  const { values, vectors } = symmetricEigen(multiplyTransposed(readOuts, readOuts));
  const along = multiply(wanted, vectors);
  for (let i = 0; i < along.rows; i++) {
    for (let k = 0; k < along.cols; k++) {
      const value = values[k]!;
      along.data[i * along.cols + k]! *= value > relativeTolerance * values[0]! ? 1 / value : 0;
    }
  }
  return multiply(multiplyTransposed(along, vectors), readOuts);
}

function stackRows(a: Matrix, b: Matrix): Matrix {
  const out = zeros(a.rows + b.rows, a.cols);
  out.data.set(a.data);
  out.data.set(b.data, a.data.length);
  return out;
}

function warnAboutEdges(places: readonly number[], first: number, warn: (message: string) => void): void {
  const lower = places.filter((place) => place === first).length;
  const upper = places.filter((place) => place === klShares.length - 1).length;
  const of = `of ${places.length} groups of folds`;
  if (lower > 0) warn(`The smallest λ of the KL fit's grid was chosen in ${lower} ${of}: it follows the training answers exactly.`); // prettier-ignore
  if (upper > 0) warn(`The largest λ of the KL fit's grid was chosen in ${upper} ${of}: the map is no better than the mean there.`); // prettier-ignore
}
