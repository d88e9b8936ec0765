import { symmetricEigen } from "../linalg/decompositions";
import { dot, multiply, multiplyTransposed, row, transpose, zeros, type Matrix } from "../linalg/matrix";
import { centreRows } from "./predictionScores";
import { inOrder, ridgeFold, type RidgeFold } from "./ridgeFold";
import type { SteeringPair } from "./steeringPairs";

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

/**
 * What to add to the state of a pair's subject so that the linear map says what the model says to the target (causality
 * of [LRE], linear-properties section 5): δ = W⁺ (f(x_target ⊕ q) − f(x_subject ⊕ q)) on G_Y, W the least-squares map of
 * `linearity` from the states to the logits over Y, fitted without the pair's fold. W⁺ is the pseudo-inverse of W cut to
 * rank r, so δ is the shortest such change of the standardised state.
 *
 * @param folds of the subjects
 * @returns one row for each pair and rank, pair by pair, [pairs · ranks, d]; null where the states do not vary
 */
export function inverseChanges(
  { states, answerLogits }: CausalityStates,
  folds: ArrayLike<number>,
  pairs: readonly SteeringPair[],
  ranks: readonly number[] = causalityRanks,
): Matrix | null {
  const n = states.rows;
  const targets = centreRows(answerLogits);
  const data = { inputs: states, targets, subjects: inOrder(n), strata: new Int32Array(n), standardise: true };
  const out = zeros(pairs.length * ranks.length, states.cols);
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
      const changes = fitted.space.lift(inverse(wanted, ranks));
      out.data.set(changes.data, p * ranks.length * states.cols);
    });
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
  readonly causalityByRank: readonly { readonly rank: number; readonly share: number; readonly n: number }[];
}

/**
 * Shares of the pairs whose answer became the target's.
 * @param successes [pair][rank]
 */
export function causalityFigures(
  pairs: readonly SteeringPair[],
  successes: readonly (readonly boolean[])[],
  ranks: readonly number[] = causalityRanks,
): CausalityFigures {
  const n = pairs.length;
  const counts = (of: readonly (readonly boolean[])[]) => ranks.map((_, r) => of.filter((own) => own[r]).length);
  let total = 0;
  for (const fold of new Set(pairs.map((pair) => pair.fold))) {
    // The rank must not be chosen on the pairs that it is scored on.
    const others = counts(successes.filter((_, p) => pairs[p]!.fold !== fold));
    const chosen = others.indexOf(Math.max(...others));
    total += successes.filter((own, p) => pairs[p]!.fold === fold && own[chosen]).length;
  }
  return {
    causality: total / n,
    causalityByRank: counts(successes).map((count, r) => ({ rank: ranks[r]!, share: count / n, n })),
  };
}
