import { symmetricEigen } from "../../linalg/decompositions";
import { dot, multiply, multiplyTransposed, row, transpose, zeros, type Matrix } from "../../linalg/matrix";
import { random } from "../../linalg/random";
import { wilsonInterval, type Interval } from "../statistics/intervals";
import { centreRows } from "./predictionScores";
import { inOrder, ridgeFold, type RidgeFold } from "./ridgeFold";
import type { SteeringPair } from "../steering/steeringPairs";

/** Singular values of the map below this share of the largest are not inverted. */
const relativeTolerance = 1e-6;

/** Ranks that are tried; beyond the map's own they change nothing. */
export const causalityRanks: readonly number[] = [1, 2, 4, 8, 16];

/** One layer's states of the subjects' prompts in one template. */
export interface CausalityStates {
  /** h_l at the subject's last token, [n, d]. */
  readonly states: Matrix;
  /** Logits over Y, [n, |Y|]. */
  readonly answerLogits: Matrix;
}

export interface InverseChanges {
  /** One row for each pair and rank, pair by pair, [pairs · ranks, d]. */
  readonly inverted: Matrix;
  /** As long, row by row, in the standardised states. */
  readonly arbitrary: Matrix;
}

/**
 * What to add to the state of a pair's subject so that the linear map says what the model says to the target (causality
 * of [LRE], linear-properties section 5): δ = W⁺ (f(x_target ⊕ q) − f(x_subject ⊕ q)) on G_Y, W the least-squares map of
 * `linearity` from the states to the logits over Y, fitted without the pair's fold. W⁺ is the pseudo-inverse of W cut to
 * rank r, so δ is the shortest such change of the standardised state. Beside each, a change as long in a random
 * direction among those in which the training states vary.
 *
 * @param folds of the subjects
 * @returns null where the states do not vary
 */
export function inverseChanges(
  { states, answerLogits }: CausalityStates,
  folds: ArrayLike<number>,
  pairs: readonly SteeringPair[],
  { seed, ranks = causalityRanks }: { readonly seed: number; readonly ranks?: readonly number[] },
): InverseChanges | null {
  const n = states.rows;
  const targets = centreRows(answerLogits);
  const data = { inputs: states, targets, subjects: inOrder(n), strata: new Int32Array(n), standardise: true };
  const inverted = zeros(pairs.length * ranks.length, states.cols);
  const arbitrary = zeros(pairs.length * ranks.length, states.cols);
  for (const fold of new Set(pairs.map((pair) => pair.fold))) {
    const fitted = ridgeFold(data, {
      train: inOrder(n).filter((i) => folds[i] !== fold),
      test: inOrder(n).filter((i) => folds[i] === fold),
    });
    if (fitted.space.eigenvalues.length === 0) return null;
    const inverse = pseudoInverse(fitted);
    pairs.forEach((pair, p) => {
      if (pair.fold !== fold) return;
      const wanted = row(targets, pair.target).map((x, y) => x - row(targets, pair.subject)[y]!);
      const changes = inverse(wanted, ranks);
      const at = p * ranks.length * states.cols;
      inverted.data.set(fitted.space.lift(changes).data, at);
      const draws = random(seed, `causality ${p}`);
      arbitrary.data.set(fitted.space.lift(asLong(changes, () => draws.normal())).data, at);
    });
  }
  return { inverted, arbitrary };
}

/** Rows in random directions, each as long as the row of `changes`. */
function asLong(changes: Matrix, normal: () => number): Matrix {
  const out = zeros(changes.rows, changes.cols);
  for (let r = 0; r < out.rows; r++) {
    const target = row(out, r);
    for (let a = 0; a < target.length; a++) target[a] = normal();
    const own = row(changes, r);
    const factor = Math.sqrt(dot(own, own) / dot(target, target));
    for (let a = 0; a < target.length; a++) target[a]! *= factor;
  }
  return out;
}

/** W⁺ for each rank: from changes of the logits over Y [|Y|] to changes of the coordinates, [ranks, k]. */
function pseudoInverse(fold: RidgeFold): (change: Float64Array, ranks: readonly number[]) => Matrix {
  const { coordinates, eigenvalues } = fold.space;
  const lambda = fold.lambdas[fold.fit().lambda]!;
  // Wᵀ, [k, |Y|].
  const map = multiply(transpose(coordinates), fold.targets);
  for (let a = 0; a < map.rows; a++) {
    const values = row(map, a);
    for (let y = 0; y < values.length; y++) values[y]! /= eigenvalues[a]! + lambda;
  }
  // W Wᵀ = V diag(σ²) Vᵀ in the coordinates, and W⁺ = V diag(1/σ²) Vᵀ Wᵀ.
  const { values, vectors } = symmetricEigen(multiplyTransposed(map, map));
  const axes = transpose(vectors);
  return (change, ranks) => {
    const back = Float64Array.from({ length: map.rows }, (_, a) => dot(row(map, a), change));
    const out = zeros(ranks.length, map.rows);
    ranks.forEach((rank, r) => {
      const target = row(out, r);
      for (let s = 0; s < Math.min(rank, axes.rows); s++) {
        if (!(values[s]! > relativeTolerance ** 2 * values[0]!)) break;
        const along = dot(row(axes, s), back) / values[s]!;
        for (let a = 0; a < target.length; a++) target[a]! += along * axes.data[s * axes.cols + a]!;
      }
    });
    return out;
  };
}

export interface CausalityFigures {
  /** Over all pairs, at the rank that is best in the other folds. */
  readonly causality: number;
  /** Wilson, over pairs. */
  readonly causalityInterval: Interval;
  /** Share with random changes as long as those of the rank that was chosen. */
  readonly causalityRandom: number;
  readonly causalityByRank: readonly { readonly rank: number; readonly share: number; readonly n: number }[];
}

/** For each pair, the place of the rank at which most pairs of the other folds succeed: not chosen on the pair itself. */
export function chosenRanks(pairs: readonly SteeringPair[], successes: readonly (readonly boolean[])[]): number[] {
  return pairs.map(({ fold }) => {
    const others = countsByRank(successes.filter((_, p) => pairs[p]!.fold !== fold));
    return Math.max(0, others.indexOf(Math.max(...others)));
  });
}

/**
 * Shares of the pairs whose answer became the target's.
 * @param successes [pair][rank]
 * @param arbitrary whether it did with a random change instead, at the rank chosen for the pair, [pair]
 */
export function causalityFigures(
  pairs: readonly SteeringPair[],
  successes: readonly (readonly boolean[])[],
  arbitrary: readonly boolean[],
  ranks: readonly number[] = causalityRanks,
): CausalityFigures {
  const n = pairs.length;
  const chosen = chosenRanks(pairs, successes);
  const total = successes.filter((own, p) => own[chosen[p]!]).length;
  return {
    causality: total / n,
    causalityInterval: wilsonInterval(total, n),
    causalityRandom: arbitrary.filter(Boolean).length / n,
    causalityByRank: countsByRank(successes).map((count, r) => ({ rank: ranks[r]!, share: count / n, n })),
  };
}

function countsByRank(successes: readonly (readonly boolean[])[]): number[] {
  return Array.from({ length: successes[0]?.length ?? 0 }, (_, r) => successes.filter((own) => own[r]).length);
}
