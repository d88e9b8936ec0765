import { symmetricEigen } from "../../linalg/decompositions";
import {
  columnMeans,
  dot,
  fromRows,
  multiply,
  multiplyTransposed,
  row,
  selectRows,
  subtractFromRows,
  transpose,
  zeros,
  type Matrix,
} from "../../linalg/matrix";
import { random, type Random } from "../../linalg/random";
import { randomOfLength } from "./finalSteering";
import { logisticRegression } from "../probes/logisticRegression";
import { centreRows } from "../linearity/predictionScores";
import { fitRelationalMap } from "../linearity/relationalMap";
import { rowSpace, scaleColumns, type RowSpace } from "../geometry/rowSpace";

/** On inputs whose mean squared norm is 1; a direction hardly depends on it. */
const probeLambda = 0.01;

/** Singular values of the map below this share of the largest are not inverted. */
const smallestSingularValue = 1e-6;

export const layerMethods = ["differenceOfMeans", "probeNormal", "pseudoInverse"] as const;
export type LayerMethod = (typeof layerMethods)[number];

/** One layer's states of the subjects' prompts in one template. */
export interface LayerStates {
  /** h_l at the subject's last token, [n, d]. */
  readonly states: Matrix;
  /** Logits over Y, [n, |Y|]. */
  readonly answerLogits: Matrix;
  /** Answer of each subject, 0, 1, …, [n]. */
  readonly classes: ArrayLike<number>;
  /** Of the relational map; null where it predicts nothing. */
  readonly rank: number | null;
}

export interface LayerPair {
  readonly subject: number;
  readonly target: number;
  /** Subjects of the same fold are not fitted on. */
  readonly fold: number;
}

export interface LayerVectors {
  readonly method: LayerMethod;
  /** Positions in the list of pairs. */
  readonly pairs: readonly number[];
  /** What is added to h_l at α = 1, [pairs, d]. */
  readonly vectors: Matrix;
  /** As long after standardising, in random directions of the space that the method chooses from; [pairs, d]. */
  readonly random: Matrix;
}

/**
 * Steering vectors at a layer for pairs of held-out subjects (linear-properties section 8):
 *
 * - difference of means: mean of the states with the target's answer, the target's own among them, minus the mean of
 *   those with the subject's answer, or of all others where no other subject has it. The target is not among the
 *   training subjects, so the vector is not in the span of their states;
 *
 * and in that span, on states standardised by the Ledoit–Wolf covariance Σ of the training subjects:
 *
 * - probe normal: W_b − W_a of a logistic probe for the answers, as long as it takes from the mean of a to that of b;
 *   where both answers occur twice or more in training;
 * - pseudo-inverse [LRE]: W⁺ (y_target − y_subject), W the map from states to logits over Y cut to its rank.
 *
 * Random vectors are Gaussian with covariance Σ, in the whole space or in the span, and as long by Σ⁻¹.
 *
 * @param folds of the subjects
 * @returns methods without a single pair are left out
 */
export function layerVectors(
  layer: LayerStates,
  folds: ArrayLike<number>,
  pairs: readonly LayerPair[],
  options: { seed: number; stream: string; methods: readonly LayerMethod[] },
): LayerVectors[] {
  const numbers = [...new Set(pairs.map(({ fold }) => fold))].sort((a, b) => a - b);
  const subjects = Array.from({ length: layer.states.rows }, (_, i) => i);
  const parts = numbers.flatMap((fold) => {
    const own = pairs.flatMap((pair, i) => (pair.fold === fold ? [i] : []));
    const train = subjects.filter((i) => folds[i] !== fold);
    const found = foldVectors(
      layer,
      train,
      own.map((i) => pairs[i]!),
      { ...options, stream: `${options.stream} ${fold}` },
    );
    return found.map((part) => ({ ...part, pairs: part.pairs.map((i) => own[i]!) }));
  });
  return options.methods.flatMap((method): LayerVectors[] => {
    const own = parts.filter((part) => part.method === method);
    if (own.length === 0) return [];
    return [
      {
        method,
        pairs: own.flatMap((part) => part.pairs),
        vectors: below(own.map((part) => part.vectors)),
        random: below(own.map((part) => part.random)),
      },
    ];
  });
}

function below(parts: readonly Matrix[]): Matrix {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const out = zeros(rows, parts[0]!.cols);
  let at = 0;
  for (const part of parts) {
    out.data.set(part.data, at);
    at += part.data.length;
  }
  return out;
}

function foldVectors(
  layer: LayerStates,
  train: readonly number[],
  pairs: readonly LayerPair[],
  { seed, stream, methods }: { seed: number; stream: string; methods: readonly LayerMethod[] },
): LayerVectors[] {
  if (train.length < 2) return [];
  const space = rowSpace(selectRows(layer.states, train), { standardise: true });
  if (space.axes.rows === 0) return [];
  const inputs: Inputs = { ...layer, train, space, coordinates: space.project(layer.states) };
  return methods.flatMap((method): LayerVectors[] => {
    const draws = random(seed, `steering random ${stream} ${method}`);
    const found = vectorsBy[method](inputs, pairs);
    const usable = found.flatMap((v, i) => (v === null || !(dot(v, v) > 0) ? [] : [{ v, i }]));
    if (usable.length === 0) return [];
    const randomly = method === "differenceOfMeans" ? randomInSpace : randomInSpan;
    return [
      {
        method,
        pairs: usable.map(({ i }) => i),
        vectors: fromRows(usable.map(({ v }) => v)),
        random: fromRows(usable.map(({ v }) => randomly(v, space, draws))),
      },
    ];
  });
}

/** Above it the shrinkage leaves so little variance off the span that lengths there mean nothing. */
const largestFactorRatio = 1e4;

/** As long as v by Σ⁻¹; by plain length where two training states, say, show no spread off their line to go by. */
function randomInSpace(v: Float64Array, space: RowSpace, draws: Random): Float64Array {
  const { axes, factors, factorOff } = space;
  const complete = axes.rows === axes.cols;
  if (!complete && factorOff > largestFactorRatio * factors[0]!) return randomOfLength(v, draws);
  const standardise = (x: Float64Array, power: 1 | -1): Float64Array => {
    const inside = Float64Array.from(factors, (_, k) => dot(row(axes, k), x));
    // The part off the axes comes as what is left of x.
    const off = complete ? 0 : factorOff ** power;
    const out = x.map((value) => off * value);
    inside.forEach((value, k) => {
      const weight = (factors[k]! ** power - off) * value;
      const axis = row(axes, k);
      for (let j = 0; j < out.length; j++) out[j]! += weight * axis[j]!;
    });
    return out;
  };
  return standardise(randomOfLength(standardise(v, 1), draws), -1);
}

/** For v in the span of the training states. */
function randomInSpan(v: Float64Array, space: RowSpace, draws: Random): Float64Array {
  const z = space.factors.map((factor, k) => factor * dot(row(space.axes, k), v));
  return lifted(space, randomOfLength(z, draws));
}

interface Inputs extends LayerStates {
  readonly train: readonly number[];
  readonly space: RowSpace;
  /** Of all subjects, [n, k]. */
  readonly coordinates: Matrix;
}

/** Each pair's vector, [d]. */
type Vectors = (inputs: Inputs, pairs: readonly LayerPair[]) => (Float64Array | null)[];

const vectorsBy: Record<LayerMethod, Vectors> = {
  differenceOfMeans: (inputs, pairs) => pairs.map((pair) => difference(inputs, pair, inputs.states)),

  probeNormal: (inputs, pairs) => {
    const { classes, coordinates, space, train } = inputs;
    const counts = new Map<number, number>();
    for (const i of train) counts.set(classes[i]!, (counts.get(classes[i]!) ?? 0) + 1);
    const repeated = [...counts].filter(([, count]) => count > 1).map(([answer]) => answer);
    const places = pairs.map(({ subject, target }) => [subject, target].map((i) => repeated.indexOf(classes[i]!)));
    if (!places.some((both) => both.every((place) => place >= 0))) return pairs.map(() => null);
    const used = train.filter((i) => repeated.includes(classes[i]!));
    const meanSquare = space.eigenvalues.reduce((sum, e) => sum + e, 0) / train.length;
    const factors = space.eigenvalues.map(() => 1 / Math.sqrt(meanSquare));
    const { weights } = logisticRegression(
      {
        inputs: scaleColumns(selectRows(coordinates, used), factors),
        labels: used.map((i) => repeated.indexOf(classes[i]!)),
        classes: repeated.length,
      },
      { lambda: probeLambda },
    );
    return pairs.map((pair, p) => {
      const [from, to] = places[p]!;
      if (from! < 0 || to! < 0) return null;
      const normal = row(weights, to!).map((x, j) => x - row(weights, from!)[j]!);
      const step = difference(inputs, pair, coordinates);
      const factor = step === null ? NaN : dot(normal, step) / dot(normal, normal);
      return Number.isFinite(factor) ? lifted(space, normal.map((x) => factor * x)) : null; // prettier-ignore
    });
  },

  pseudoInverse: ({ coordinates, space, answerLogits, train, rank }, pairs) => {
    if (rank === null) return pairs.map(() => null);
    const { map } = fitRelationalMap(selectRows(coordinates, train), selectRows(answerLogits, train));
    const inverse = pseudoInverse(map, rank);
    const logits = centreRows(answerLogits);
    return pairs.map(({ subject, target }) => {
      const gap = row(logits, target).map((y, j) => y - row(logits, subject)[j]!);
      return lifted(
        space,
        Float64Array.from({ length: inverse.rows }, (_, j) => dot(row(inverse, j), gap)),
      );
    });
  },
};

function lifted(space: RowSpace, z: Float64Array): Float64Array {
  return row(space.lift(fromRows([z])), 0);
}

/** Mean row of the target's answer minus that of the subject's; null where nobody has another answer than the target. */
function difference(inputs: Inputs, { subject, target }: LayerPair, rows: Matrix): Float64Array | null {
  const { classes, train } = inputs;
  const of = (answer: number) => train.filter((i) => classes[i] === answer);
  const same = of(classes[subject]!);
  const others = same.length > 0 ? same : train.filter((i) => classes[i] !== classes[target]);
  if (others.length === 0) return null;
  const from = meanRow(rows, others);
  return meanRow(rows, [...of(classes[target]!), target]).map((x, j) => x - from[j]!);
}

function meanRow(rows: Matrix, indices: readonly number[]): Float64Array {
  const out = new Float64Array(rows.cols);
  for (const i of indices)
    for (let j = 0; j < out.length; j++) out[j]! += rows.data[i * rows.cols + j]! / indices.length;
  return out;
}

/** Of W [|Y|, k] cut to its leading singular values: [k, |Y|] = V S⁻¹ Uᵀ = Wᵀ U S⁻² Uᵀ. */
function pseudoInverse(w: Matrix, rank: number): Matrix {
  const centred = subtractFromRows(w, columnMeans(w));
  const { values, vectors } = symmetricEigen(multiplyTransposed(centred, centred));
  const kept = values.subarray(0, rank).filter((s) => s > smallestSingularValue ** 2 * values[0]!).length;
  const u = zeros(vectors.rows, kept);
  for (let i = 0; i < u.rows; i++) {
    for (let k = 0; k < kept; k++) u.data[i * kept + k] = vectors.data[i * vectors.cols + k]!;
  }
  const scaled = scaleColumns(
    u,
    Array.from({ length: kept }, (_, k) => 1 / values[k]!),
  );
  return multiply(transpose(centred), multiplyTransposed(scaled, u));
}
