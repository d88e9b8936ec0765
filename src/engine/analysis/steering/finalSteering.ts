import { dot, row, zeros, type Matrix } from "../../linalg/matrix";
import { orthonormalRows } from "../../linalg/orthonormal";
import { random, type Random } from "../../linalg/random";
import { contextSpan, minimumNorm, type ContextSpan } from "../geometry/contextSpan";
import { logitChanges, steeredPredictions, type LogitArray, type SteeredPrediction } from "./steeredPredictions";

/** Contexts that span F. */
export interface SteeringContexts {
  /** Inner products of Cᵀf(x_a), [m, m]. */
  readonly gram: Matrix;
  /** [m, vocabulary] */
  readonly logits: LogitArray;
  /** Fold of the context's subject; −1 for contexts of other relations, which are never held out. */
  readonly folds: Int32Array;
}

/** A prompt to be steered from its own answer to another. */
export interface FinalSteeringPair {
  /** Row of `prompts`. */
  readonly prompt: number;
  readonly from: number;
  readonly to: number;
  /** u(target's prompt) − u(prompt), u = log p(to) − log p(from): what α = 1 adds to u. */
  readonly gap: number;
  readonly fold: number;
}

export interface FinalSteeringProblem {
  readonly vocabulary: number;
  readonly contexts: SteeringContexts;
  /** Logits of the prompts to be steered, [prompts, vocabulary]. */
  readonly prompts: LogitArray;
  readonly pairs: readonly FinalSteeringPair[];
  /** Sets of answers; within each, the log-ratios must not change. */
  readonly neutral: readonly (readonly number[])[];
  /** Logits of other relations' prompts, [controls, vocabulary]. */
  readonly controls: LogitArray;
}

export interface FinalSteeringOptions {
  readonly alphas: readonly number[];
  readonly seed: number;
  /** Whether random vectors are tried as well. */
  readonly random: boolean;
}

/** What the vectors do at one α. */
export interface SteeringFigures {
  readonly alpha: number;
  /** Steered prompts. */
  readonly n: number;
  readonly successes: number;
  readonly randomSuccesses: number | null;
  /** Means of log p. */
  readonly targetLogProbability: number;
  readonly sourceLogProbability: number;
  /** Mean over the control prompts, in nats; null without any. */
  readonly controlKl: number | null;
  readonly controlKept: number | null;
  readonly controlN: number;
}

export interface FinalSteering {
  /** One for each α; empty when no pair has a vector. */
  readonly figures: readonly SteeringFigures[];
  /** Pairs without a vector, since the neutral answers leave no direction. */
  readonly infeasible: number;
}

/**
 * Steering at f (linear-properties section 8): the v in F of smallest ‖Cᵀv‖ with v·(g(b) − g(a)) = α gap and
 * v·(g(y) − g(y')) = 0 for neutral answers y, y'; F from contexts of subjects in other folds. The new logits are
 * ℓ + v·g, so no model is run. Every control prompt is steered by one of the vectors, in turn.
 */
export function steerAtFinal(problem: FinalSteeringProblem, options: FinalSteeringOptions): FinalSteering {
  const { pairs, vocabulary, contexts } = problem;
  const draws = options.random ? random(options.seed, "steering random f") : null;
  const steered: Steered[] = [];
  for (const fold of [...new Set(pairs.map((pair) => pair.fold))].sort((a, b) => a - b)) {
    const own = pairs.filter((pair) => pair.fold === fold);
    const { span, vectors } = minimumNormVectors(problem, own, fold);
    const usable = own.flatMap((pair, i) => (vectors[i] === null ? [] : [{ pair, z: vectors[i]! }]));
    if (usable.length === 0) continue;
    const changesOf = (z: readonly Float64Array[]) =>
      logitChanges(span.weights(stackRows(z, span.rank)), contexts.logits, span.contexts, vocabulary);
    const changes = changesOf(usable.map(({ z }) => z));
    const others = draws === null ? null : changesOf(usable.map(({ z }) => randomOfLength(z, draws)));
    usable.forEach(({ pair }, i) =>
      steered.push({ pair, change: row(changes, i), randomChange: others === null ? null : row(others, i) }),
    );
  }
  return {
    figures: steered.length === 0 ? [] : figuresOf(problem, steered, options.alphas),
    infeasible: pairs.length - steered.length,
  };
}

/** Vectors at α = 1 in the coordinates of F without the contexts of one fold. */
export function minimumNormVectors(
  { contexts, vocabulary, neutral }: Pick<FinalSteeringProblem, "contexts" | "vocabulary" | "neutral">,
  pairs: readonly Pick<FinalSteeringPair, "from" | "to" | "gap">[],
  heldOut: number | null,
): { readonly span: ContextSpan; readonly vectors: readonly (Float64Array | null)[] } {
  const m = contexts.folds.length;
  const positions = Array.from({ length: m }, (_, a) => a);
  const span = contextSpan(
    contexts.gram,
    positions.filter((a) => heldOut === null || contexts.folds[a] !== heldOut),
  );
  const logRatios = (ratios: readonly (readonly [number, number])[]): Matrix => {
    const values = zeros(ratios.length, m);
    ratios.forEach(([to, from], j) => {
      for (let a = 0; a < m; a++) {
        values.data[j * m + a] = contexts.logits[a * vocabulary + to]! - contexts.logits[a * vocabulary + from]!;
      }
    });
    return span.readOuts(values);
  };
  const unchanged = orthonormalRows(
    logRatios(neutral.flatMap((answers) => answers.slice(1).map((y) => [y, answers[0]!] as const))),
    1e-8,
  );
  const directions = logRatios(pairs.map(({ from, to }) => [to, from] as const));
  return {
    span,
    vectors: pairs.map(({ gap }, i) => minimumNorm(row(directions, i), unchanged)?.map((x) => gap * x) ?? null),
  };
}

interface Steered {
  readonly pair: FinalSteeringPair;
  /** Of the logits, at α = 1. */
  readonly change: Float64Array;
  readonly randomChange: Float64Array | null;
}

function figuresOf(
  { prompts, controls, vocabulary }: FinalSteeringProblem,
  steered: readonly Steered[],
  alphas: readonly number[],
): SteeringFigures[] {
  const rowOf = (logits: LogitArray, i: number) => logits.subarray(i * vocabulary, (i + 1) * vocabulary);
  const predictions = steered.map(({ pair, change }) =>
    steeredPredictions(rowOf(prompts, pair.prompt), change, alphas),
  );
  const others = steered.map(({ pair, randomChange }) =>
    randomChange === null ? null : steeredPredictions(rowOf(prompts, pair.prompt), randomChange, alphas),
  );
  const controlN = controls.length / vocabulary;
  const untouched = Array.from({ length: controlN }, (_, c) =>
    steeredPredictions(rowOf(controls, c), steered[c % steered.length]!.change, [0, ...alphas]),
  );
  const successes = (all: readonly (readonly SteeredPrediction[] | null)[], k: number) =>
    all.filter((own, i) => own?.[k]?.top === steered[i]!.pair.to).length;
  const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
  return alphas.map((alpha, k) => ({
    alpha,
    n: steered.length,
    successes: successes(predictions, k),
    randomSuccesses: others.every((own) => own !== null) ? successes(others, k) : null,
    targetLogProbability: mean(steered.map(({ pair }, i) => predictions[i]![k]!.logProbability(pair.to))),
    sourceLogProbability: mean(steered.map(({ pair }, i) => predictions[i]![k]!.logProbability(pair.from))),
    controlKl: controlN === 0 ? null : mean(untouched.map((own) => own[k + 1]!.kl)),
    controlKept: controlN === 0 ? null : mean(untouched.map((own) => (own[k + 1]!.top === own[0]!.top ? 1 : 0))),
    controlN,
  }));
}

/** Uniform in direction, as long as z. */
export function randomOfLength(z: Float64Array, draws: Random): Float64Array {
  const out = z.map(() => draws.normal());
  const factor = Math.sqrt(dot(z, z) / dot(out, out));
  return out.map((x) => factor * x);
}

function stackRows(rows: readonly Float64Array[], cols: number): Matrix {
  const out = zeros(rows.length, cols);
  rows.forEach((values, i) => out.data.set(values, i * cols));
  return out;
}
